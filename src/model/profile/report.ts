import { bindMembers } from "../../check/bindMembers.js";
import { printed } from "../../check/printed.js";
import type { Stage } from "../../compile/stages.js";
import { type Line, printTable } from "../../metrics/printTable.js";

/** What something takes, and what it does in that time. */
export interface ProfiledWork {
  readonly milliseconds: number;
  /** Multiplications of products and convolutions, each with an addition, as their definitions have them; 0 for all else. */
  readonly multiplications: number;
  /** Bytes of operands that are read or written, each once. */
  readonly bytes: number;
  /**
   * Multiplications a second as a share of the profile's `peak`: near 1, it is as fast as can be. With `precision: "fast"`
   * it may exceed 1. Undefined where nothing is multiplied, and where the peak is not known.
   */
  readonly share: number | undefined;
}

/** An instruction of the step. */
export interface ProfiledInstruction extends ProfiledWork {
  /** Its place in the program, as `disassemble` counts. */
  readonly index: number;
  /** `Matmul`, `Softmax`, … */
  readonly instruction: string;
  readonly layer: string;
  readonly stage: Stage;
}

/** What a layer's instructions take together; so do those of `loss`, `metrics`, and of all weights as one. */
export interface ProfiledLayer extends ProfiledWork {
  readonly layer: string;
  /** Milliseconds of its values, of gradients, and of moving weights. */
  readonly forward: number;
  readonly backward: number;
  readonly update: number;
}

const STAGES: readonly Stage[] = ["forward", "backward", "update"];

/** Where the time of a step goes: see Model.profile. Printed, it is two tables. */
export class Profile {
  constructor(
    /** Rows of the step. */
    readonly rows: number,
    /** Milliseconds of the whole step, one after the other. By themselves instructions find their operands in the cache. */
    readonly milliseconds: number,
    /**
     * Multiplications a second, each with an addition, that this thread makes at most: of vectors that stay in registers.
     * Undefined where WebAssembly cannot be compiled from bytes.
     */
    readonly peak: number | undefined,
    /** In the order of the program. */
    readonly instructions: readonly ProfiledInstruction[],
  ) {
    bindMembers(this);
    printed(this);
  }

  /** Layer by layer, in the order of their first instructions. */
  get layers(): readonly ProfiledLayer[] {
    const names = [...new Set(this.instructions.map(({ layer }) => layer))];
    return names.map((name) => {
      const own = this.instructions.filter(({ layer }) => layer === name);
      const [forward, backward, update] = STAGES.map((stage) => timeOf(own, stage)) as [
        number,
        number,
        number,
      ];
      return { layer: name, forward, backward, update, ...this.#sum(own) };
    });
  }

  #sum(some: readonly ProfiledInstruction[]): ProfiledWork {
    const milliseconds = total(some, "milliseconds");
    const multiplications = total(some, "multiplications");
    return {
      milliseconds,
      multiplications,
      bytes: total(some, "bytes"),
      share: shareOf(multiplications, milliseconds, this.peak),
    };
  }

  toString(): string {
    const { instructions, layers, peak } = this;
    const all = this.#sum(instructions);
    // Of a small network all instructions are a matter of nanoseconds.
    const decimals = all.milliseconds < 0.1 ? 6 : 4;
    const time = (milliseconds: number) => milliseconds.toFixed(decimals);
    const work = ({ milliseconds, multiplications, bytes, share }: ProfiledWork) => [
      time(milliseconds),
      percent(milliseconds / all.milliseconds),
      multiplications,
      bytes,
      percent(share),
    ];
    const titles = ["ms", "of time", "multiplications", "bytes", "of peak"];
    const times = (one: Pick<ProfiledLayer, Stage>) => STAGES.map((stage) => time(one[stage]));
    const ofAll = Object.fromEntries(STAGES.map((stage) => [stage, timeOf(instructions, stage)]));
    const rate =
      peak === undefined ? "unknown here" : `${(peak / 1e9).toFixed(1)} billion multiplications a second`;
    return [
      `a step of ${this.rows} rows takes ${time(this.milliseconds)} ms; the peak is ${rate}`,
      printTable([
        { name: "layer", cells: [...STAGES, ...titles] },
        ...layers.map((one): Line => ({ name: one.layer, cells: [...times(one), ...work(one)] })),
        { name: "total", cells: [...times(ofAll as Record<Stage, number>), ...work(all)] },
      ]),
      printTable([
        { name: "instruction", cells: ["layer", "stage", ...titles] },
        ...instructions.map((one): Line => {
          const name = `${String(one.index).padStart(String(instructions.length - 1).length)}  ${one.instruction}`;
          return { name, cells: [one.layer, one.stage, ...work(one)] };
        }),
      ]),
    ].join("\n\n");
  }
}

const total = (some: readonly ProfiledWork[], what: "milliseconds" | "multiplications" | "bytes"): number =>
  some.reduce((sum, one) => sum + one[what], 0);

const timeOf = (some: readonly ProfiledInstruction[], stage: Stage): number =>
  total(
    some.filter((one) => one.stage === stage),
    "milliseconds",
  );

/** Multiplications in so many milliseconds, as a share of the peak. */
export const shareOf = (
  multiplications: number,
  milliseconds: number,
  peak: number | undefined,
): number | undefined =>
  multiplications === 0 || peak === undefined ? undefined : (multiplications * 1000) / milliseconds / peak;

const percent = (share: number | undefined) => (share === undefined ? "" : `${(100 * share).toFixed(1)} %`);
