/**
 * What public bug reports and attacks found, by the numbers that the findings were filed under: the kind of each, the
 * siblings that were found when the kind was mended, and the tests that are named for the symptoms.
 */

export interface Symptom {
  readonly number: number;
  /** What kind of fault it is an example of. */
  readonly kind: string;
  /** Other places that had it. */
  readonly siblings: readonly string[];
  /** Files of tests below tests/, each with the names of some of its tests, or of parts of them, as they are written. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

/** Numbers that there must be a row for. */
export const COUNT = 24;

export const symptoms: readonly Symptom[] = [
  {
    number: 16,
    kind: "work that grows faster than the text that a caller gives",
    siblings: [
      "names of layers around a parameter, listed for an error: quadratic in the depth of the name",
      "edit distances to names of any length, several for each comparison of a sort",
      "a BigInt or a symbol of any length in an error's text; a list of any length of what is known",
      "values whose constructor throws, proxies that are revoked: the error's text threw itself",
    ],
    tests: {
      "check/patterns.test.ts": [
        "means what the regular expression of it does",
        "is refused at once",
        "is no misspelled one: the choice is told, and the name is cut short",
        "throws nothing and is short",
      ],
    },
  },
  {
    number: 18,
    kind: "memory that the runtime does not give",
    siblings: [
      "an engine in a worker: whatever was sent and could not be done ended the model for good",
      "a family of the engine that finds no memory in a worker",
      "freeze, unfreeze and restore, which cannot wait: their program is kept until there is memory for it",
    ],
    tests: {
      "laws/noMoreMemory.test.ts": [
        "fails one call with a typed error, whichever growth it is, and costs nothing else",
        "in the midst of a stream leaves the weights of the batches before",
        "leaves what was changed while it rested, until there is memory again",
        "is an OutOfMemoryError of compile",
      ],
    },
  },
  {
    number: 19,
    kind: "errors that are not the package's own, and work without bound, on input that no type describes",
    siblings: [
      "iterators of batches and of folds without next, or whose next gives nothing",
      "arrays whose memory is given away while predict, evaluate or fit reads them",
      "labels whose memory was given away; lists of names with holes; shapes of symbols; a rate that is a symbol",
      "a constant that holds itself, which ended the process",
    ],
    tests: {
      "laws/fuzz/fuzz.deep.test.ts": [
        "are of every function, class and method that is exported",
        "are made of types that there is a generator for",
        "end in a result, an error of the package's own, or the caller's own, with the weights as they were",
      ],
      "laws/detached.test.ts": [
        "before is refused, with the weights as they were",
        "meanwhile is refused, or is what it was: weights stay finite, and training goes on",
      ],
    },
  },
  {
    number: 20,
    kind: "objects that work only as themselves",
    siblings: [
      "Dataset, callbacks, the training that callbacks are given, tables of scores: private fields behind a Proxy",
      "encoders whose fit gave back `this`",
      "streams opened with a method of another object than the one that was opened",
    ],
    tests: {
      "laws/proxies.test.ts": [
        "a model does all that it does",
        "callbacks see the training, and say how it went",
        "datasets go through all their stages, and train",
        "encoders learn and encode",
        "networks, layers and nodes build the same network",
      ],
    },
  },
  {
    number: 23,
    kind: "what a publisher and a reader must trust",
    siblings: [
      "stub folders that packing left in the repository when it was interrupted",
      "scripts, tools and overrides of this repository in the published manifest",
    ],
    tests: {
      "house/packing.test.ts": [
        "says nothing of how this repository is built",
        "tells where it comes from by what the publisher has filled in, at one place",
        "is the same, byte for byte, from two folders, at two times",
      ],
    },
  },
  {
    number: 24,
    kind: "tests that nothing shows to look: branches are measured, and lines are broken on purpose",
    siblings: [],
    tests: {
      "house/mutations.test.ts": [
        "are comparisons, conditions, throws and constants, and no types and no texts",
        "are drawn by a seed, each once",
      ],
    },
  },
];
