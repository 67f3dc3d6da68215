import {
  Control,
  EpochRecord,
  SourceRecord,
  StatisticsRecord,
  StepRecord,
} from "../../assembly/isa/control.js";
import { LOG_EPOCHS, LOG_STEPS } from "../../assembly/isa/limits.js";
import { encodedWords, type SegmentBases } from "../compile/encode.js";
import { align } from "../compile/instruction.js";
import type { Program } from "../compile/program.js";

/**
 * Where everything lies in linear memory:
 *
 *     engine | control, source table, logs, statistics | program | parameters | gradients | slots | arena | scratch | chunk | data
 *
 * What a change of the number of rows moves comes last: parameters and slots stay where they are.
 */
export interface Layout {
  readonly control: number;
  readonly sources: number;
  readonly log: number;
  readonly epochLog: number;
  readonly statistics: number;
  /** Address of each method's first record. */
  readonly methods: readonly number[];
  readonly bases: SegmentBases;
  /** Where a chunk of rows passes through. */
  readonly chunk: number;
  /** First byte after the plan: from here on lie staged training rows. */
  readonly data: number;
}

export function layOut(heapBase: number, program: Program): Layout {
  let end = align(heapBase);
  const take = (bytes: number) => {
    const start = end;
    end = start + align(bytes);
    return start;
  };
  const control = take(Control.bytes);
  const sources = take(SourceRecord.bytes * program.chunks.length);
  const log = take(StepRecord.bytes * LOG_STEPS);
  const epochLog = take(EpochRecord.bytes * LOG_EPOCHS);
  const statistics = take(StatisticsRecord.bytes * program.measured.length);
  const methods = program.methods.map((method) => take(encodedWords(method) * 4));
  const { segments } = program;
  const bases = {
    parameters: take(segments.parameters),
    gradients: take(segments.gradients),
    slots: take(segments.slots),
    arena: take(segments.arena),
    scratch: take(segments.scratch),
  };
  const chunk = take(program.chunks.reduce((sum, bytes) => sum + bytes, 0));
  return { control, sources, log, epochLog, statistics, methods, bases, chunk, data: end };
}
