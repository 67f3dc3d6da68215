// The modules of the engine. The core owns memory and table and executes the commonest families itself; each further
// family is a module that imports the memory and is put into the table's slot of its number (assembly/isa/op.ts).

/**
 * Where the constants of each module lie in linear memory: none knows of the others', so each has a range of its own
 * below HEAP_BASE (assembly/isa/limits.ts). A test holds the ranges against the data segments.
 */
export const modules = {
  core: { memoryBase: 1024 },
  transcendental: { memoryBase: 4096 },
  move: { memoryBase: 6144 },
  normalize: { memoryBase: 6400 },
  noise: { memoryBase: 6656 },
  optimizer: { memoryBase: 7680 },
  sequence: { memoryBase: 8192 },
  choice: { memoryBase: 9216 },
  convolution: { memoryBase: 10240 },
};

/** Families that are modules of their own, by name. */
export const families = Object.keys(modules).filter((name) => name !== "core");

/** What is built of the sources: the relaxed build is another core, since only products gain by it. */
export const builds = [
  { name: "core", target: "core", sources: ["assembly/index.ts"], memoryBase: modules.core.memoryBase },
  { name: "relaxed", target: "relaxed", sources: ["assembly/index.ts"], memoryBase: modules.core.memoryBase },
  ...families.map((name) => ({
    name,
    target: "family",
    sources: [`assembly/kernels/${name}/execute.ts`, "assembly/version.ts"],
    memoryBase: modules[name].memoryBase,
  })),
];
