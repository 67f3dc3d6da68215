/** Callbacks of the package that look at reports, and whether they show what was found. None changes a report. */
const SHOWS: Readonly<Record<string, boolean>> = {
  checkpoint: false,
  csvLog: false,
  earlyStopping: false,
  jsonLinesLog: true,
  learningRateLog: false,
  progressLine: true,
  reduceOnPlateau: false,
  tensorBoardLog: false,
  timeBudget: false,
};

/** Whether it is one of the package's. */
export const isOwn = (name: string | undefined): boolean => name !== undefined && Object.hasOwn(SHOWS, name);

/** Whether a callback that is given reports may show what was found to a user. */
export const mayShow = (name: string | undefined): boolean => !isOwn(name) || SHOWS[name as string] === true;
