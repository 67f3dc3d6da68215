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
    number: 1,
    kind: "what a file says is believed before it is checked",
    siblings: [
      "names of tensors and of metadata that all objects have, such as __proto__",
      "snapshots of format 1, read by the same schema",
      "states of encoders, whose lengths are compared before their content is read",
      "a loop without bound in what reads format 1, found by mutated files",
    ],
    tests: {
      "io/snapshot/believed.test.ts": [
        "with %s is refused",
        "with a key twice, however deep and however it is written, is refused",
        "that are %d are no weights",
      ],
      "io/safetensors/read.test.ts": ["with more tensors than the limit is refused, a million too"],
      "io/snapshot/format1.test.ts": ["that is cut short, longer, changed or of another format is refused"],
      "io/snapshot/fuzz.test.ts": [
        "are accepted or refused with a FormatError, the weights unchanged and the work bounded",
      ],
    },
  },
  {
    number: 2,
    kind: "a checksum that changes may pass",
    siblings: ["the header, which was not summed up by itself"],
    tests: {
      "io/snapshot/checksums.test.ts": [
        "whichever bit it is that was flipped, of all of a small file",
        "when the signs of two weights were flipped, which the checksum of format 1 did not find",
      ],
    },
  },
  {
    number: 3,
    kind: "a state that fits by its shapes and means something else",
    siblings: ["outputs exchanged, other metrics in the midst of an epoch, another seed, other clipping"],
    tests: {
      "io/snapshot/anotherNetwork.test.ts": [
        "%s are refused, alone too",
        "of two ends exchanged are refused",
        "other metrics, where sums of an epoch are under way",
        "take over what the optimizer keeps, and train on by the rate of the model",
      ],
    },
  },
  {
    number: 4,
    kind: "bytes that went through something that is no bytes",
    siblings: [
      "text of a file, Blob, Response and promises; memory that is shared; buffers that were transferred",
    ],
    tests: {
      "io/snapshot/bytes.test.ts": [
        "%s is refused with how to turn it back, which does",
        "of another realm are bytes, as in vm and the tests of jest",
      ],
      "data/encoders/loadEncoder.test.ts": [
        "refuses columns of other encoders than their options say, twice the same, or nested without end",
      ],
    },
  },
  {
    number: 5,
    kind: "a loss of something else than the output",
    siblings: [
      "metrics, which took the same outputs for logits",
      "noise behind the output in training alone",
    ],
    tests: {
      "losses/outputKinds.test.ts": [
        "of random head %i is that of classes",
        "of random head %i is that of shares",
        "is not taken as logits: %s",
        "is asked for where it matters: %s is refused",
      ],
    },
  },
  {
    number: 6,
    kind: "a training that cannot succeed, whatever is learned",
    siblings: ["targets of a stream; a normalization of one number"],
    tests: {
      "train/health/outlook.test.ts": [
        "are told with the reach of %s",
        "are told of batches at the first step",
        "a softmax of one unit is refused: it is 1 whatever it is given",
        "of a single number is told: its output is the same whatever it is given",
      ],
    },
  },
  {
    number: 7,
    kind: "steps that change nothing",
    siblings: ["a decay that had run out in an earlier training"],
    tests: {
      "train/health/outlook.test.ts": [
        "is told where a decay has run out in the midst of a training",
        "is told in a second training, and not where a decay ends with the last step",
      ],
    },
  },
  {
    number: 8,
    kind: "a margin that takes scores for positive ones",
    siblings: [],
    tests: {
      "callbacks/reduceOnPlateau.test.ts": [
        "counts a score below 0 that stays as it is as no better, and reduces",
      ],
    },
  },
  {
    number: 9,
    kind: "statistics of a single row",
    siblings: ["the last, smaller step of an epoch; a stream of single rows"],
    tests: {
      "layers/normalization/batchNorm.test.ts": [
        "stay as they are in a step of one row, which has no variance, and the row itself becomes beta",
        "stay as they are where the last step of an epoch has one row: an evaluation does not explode",
      ],
      "train/health/outlook.test.ts": ["over the rows of a stream is told of one-row batches"],
    },
  },
  {
    number: 10,
    kind: "weights that are scored and others that are kept",
    siblings: [],
    tests: {
      "callbacks/swapAverages.test.ts": [
        "ends with the weights that the best epoch was scored with, at place %i beside earlyStopping",
      ],
    },
  },
  {
    number: 11,
    kind: "digits that cancel in sums of squares of numbers far from zero",
    siblings: [
      "the largest of a column's numbers alone, which is no variation: rSquared of constant targets",
    ],
    tests: {
      "metrics/engine/farFromZero.test.ts": ["scores of reports", "are exact of random spreads"],
      "metrics/engine/variation.test.ts": ["is 0 of nothing but %d"],
    },
  },
  {
    number: 12,
    kind: "a width of rows that is guessed",
    siblings: ["inverse of a labelEncoder", "labels above the classes in accuracy and confusionMatrix"],
    tests: {
      "data/encoders/categories.test.ts": ["does not take four sigmoids for two rows of two classes"],
      "metrics/misfits.test.ts": ["are decisions where two classes are given", "a DataError tells of"],
    },
  },
  {
    number: 13,
    kind: "memory of the caller's that is read later than it was given",
    siblings: [
      "validation and validationSplit",
      "Node's buffers, whose slices share memory",
      "shuffle and prefetch",
    ],
    tests: {
      "data/datasets/kept.test.ts": [
        "does not make all rows of a batch the last one",
        "does not change what is shuffled or fetched ahead",
      ],
      "train/feed/readLate.test.ts": [
        "are refused where a NaN was written to them meanwhile",
        "are refused where their memory was transferred",
      ],
    },
  },
  {
    number: 14,
    kind: "what is given and dropped, flattened or made a number of in silence",
    siblings: [
      'text for numbers: concatenate({ axis: "1" }) joined along axis 1',
      "null where an option is checked late: labels of crossValidate, the axes of normalizations",
      "holes in the lists of callbacks and metrics, which were passed over",
    ],
    tests: {
      "laws/surplus.test.ts": ["is refused by every function of %s, by its name"],
      "rows/table.test.ts": ["rows nested to uneven depth"],
      "laws/fuzz/misfits.deep.test.ts": ["null, and text for a number, are refused"],
    },
  },
  {
    number: 17,
    kind: "lists and records without end, and lengths that lie",
    siblings: [
      "arrays of holes as callbacks, metrics, axes, shapes, categories: the process ran out of memory, or for hours",
      "an element of a batch that holds itself twice, copied 2³² times",
      "indices of takeRows that are no list: no rows were taken",
    ],
    tests: {
      "laws/endless.test.ts": ["is refused as %s"],
      "rows/nesting.test.ts": ["5,000 lists in one another", "is refused by %s"],
    },
  },
  {
    number: 21,
    kind: "errors that come late, or with a mend that does not fit what is wrong",
    siblings: [
      "metrics of an output that is not named, and of a validation that there is not",
      "errors of the range test and of a resume, told as those of another call",
      "arrays of another realm, which were taken for f32 where they were bytes, and refused as text",
    ],
    tests: {
      "rows/table.test.ts": ["one row where rows are needed", "a transposed row", "a Date"],
      "rows/nesting.test.ts": ["calls a transposed kernel transposed, not ragged"],
      "laws/realms.test.ts": ["trains to the same weights", "is text that a stream gives"],
      "callbacks/earlyStopping.test.ts": [
        "a monitor that the reports will not have, before the first step, with the nearest that they have",
        "val_loss without validation, at once, with the mend",
      ],
      "train/givesWay.test.ts": [
        "gives way, as the default does",
        "are taken without any in training, which they do not change",
        "of hooks among the options of fit says where they belong",
      ],
      "train/health/outlook.test.ts": ["of 1e25 are refused at once, and not as a divergence"],
      "train/health/rollBack.test.ts": [
        "goes back behind an epoch that was bad already, and behind one whose weights led nowhere",
      ],
    },
  },
  {
    number: 22,
    kind: "types that do not fit the programs of others",
    siblings: ["validation, whose inputs and outputs had no names"],
    tests: {
      "house/publicTypes.test.ts": [
        "take a signal that may be undefined",
        "need neither the DOM nor the types of Node, in any entry",
        "know the inputs by their names, in fit, evaluate and predict",
        "know the inputs and outputs of validation by their names",
        "of wasmgrad/data follow the data through encoders, datasets and folds",
      ],
    },
  },
  {
    number: 15,
    kind: "findings that nobody sees",
    siblings: ["callbacks that write numbers only, such as csvLog, as if they had shown the findings"],
    tests: {
      "train/warnings.test.ts": [
        "is warned of once on the console, with the mend, %s",
        "is given to onWarning in place of the console; false silences it",
        "is written by progressLine, with the mend, below the line of its epoch",
      ],
      "train/health/outlook.test.ts": ["is told: XOR with two outputs at one half"],
    },
  },
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
