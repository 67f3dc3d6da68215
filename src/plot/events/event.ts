/** What event files are made of: tensorflow/core/util/event.proto, and framework/summary.proto. */
import { binned } from "../drawing/histogram.js";
import {
  bytesField,
  doubleField,
  doublesField,
  type Field,
  floatField,
  integerField,
  joined,
  textField,
} from "./protobuf.js";
import { record } from "./record.js";

/** When something was: in seconds since 1970, and after so many steps. */
export interface EventTime {
  readonly seconds: number;
  readonly step: number;
}

const event = ({ seconds, step }: EventTime, what: Field): Uint8Array<ArrayBuffer> =>
  record(joined([doubleField(1, seconds), integerField(2, step), what]));

/** What a file of events begins with. */
export const fileVersion = (time: EventTime): Uint8Array<ArrayBuffer> =>
  event(time, textField(3, "brain.Event:2"));

/** Values of one moment, by their tags. */
export const summaryEvent = (time: EventTime, values: readonly Field[]): Uint8Array<ArrayBuffer> =>
  event(time, bytesField(5, ...values));

/** A number. */
export const scalar = (tag: string, value: number): Field =>
  bytesField(1, textField(1, tag), floatField(2, value));

const BINS = 30;

/** How numbers are spread, those that are not finite left out; empty bins are part of it. */
export function histogram(tag: string, data: ArrayLike<number>): Field {
  const { least, largest, counts, count, sum, squares } = binned(data, BINS);
  const limits = counts.map((_, i) => least + ((largest - least) * (i + 1)) / BINS);
  const fields = [least, largest, count, sum, squares].map((value, i) => doubleField(i + 1, value));
  return bytesField(
    1,
    textField(1, tag),
    bytesField(5, ...fields, doublesField(6, limits), doublesField(7, counts)),
  );
}

const [DT_STRING, DATA_CLASS_TENSOR] = [7, 2];

/** A text in Markdown: a tensor of one string, which the plugin for texts shows. */
export function markdown(tag: string, text: string): Field {
  const shape = bytesField(2, bytesField(2, integerField(1, 1)));
  const tensor = bytesField(8, integerField(1, DT_STRING), shape, textField(8, text));
  const metadata = bytesField(9, bytesField(1, textField(1, "text")), integerField(4, DATA_CLASS_TENSOR));
  return bytesField(1, textField(1, tag), metadata, tensor);
}
