/** Moments as milliseconds since 1970 in UTC, and what day they are: whole numbers all, the same in every runtime. */

const DAY = 86_400_000;
/** The last moment that a date of JavaScript has; the first is its negative. */
const LAST = 8.64e15;

/** Days from 1970-01-01 to a day of the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms"). */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Year, month from 1 and day from 1 of a day since 1970-01-01: the inverse of daysOf. */
function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const place = Math.floor((5 * dayOfYear + 2) / 153);
  const month = place < 10 ? place + 3 : place - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * place + 2) / 5) + 1 };
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:Z|([+-])(\d{2}):?(\d{2}))?)?$/;

/** The moment that a text of ISO 8601 names; without a zone it is of UTC. Undefined for other text. */
function parseIso(text: string): number | undefined {
  const found = ISO.exec(text);
  if (found === null) return undefined;
  const part = (i: number) => Number(found[i] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const days = daysOf(year, month, day);
  const isDay = month >= 1 && month <= 12 && day >= 1 && dateOf(days).day === day;
  const isTime = part(4) < 24 && part(5) < 60 && part(6) < 60 && part(9) < 24 && part(10) < 60;
  if (!isDay || !isTime) return undefined;
  const milliseconds = Math.floor(Number(`0.${found[7] ?? 0}`) * 1000);
  const zone = (found[8] === "-" ? -1 : 1) * (part(9) * 60 + part(10));
  return days * DAY + ((part(4) * 60 + part(5) - zone) * 60 + part(6)) * 1000 + milliseconds;
}

/** The moment that a date, milliseconds since 1970, or a text of ISO 8601 names; undefined for anything else. */
export function momentOf(value: unknown): number | undefined {
  const isDate = typeof (value as { getTime?: unknown } | null | undefined)?.getTime === "function";
  const moment = isDate
    ? (value as { getTime(): number }).getTime()
    : typeof value === "string"
      ? parseIso(value)
      : value;
  return typeof moment === "number" && Math.abs(moment) <= LAST ? moment : undefined;
}

/** Parts of a moment that come again, as shares of their cycle in [0, 1). */
export const CYCLES = {
  /** From January on. */
  month: (moment: number) => (dateOf(Math.floor(moment / DAY)).month - 1) / 12,
  dayOfMonth: (moment: number) => (dateOf(Math.floor(moment / DAY)).day - 1) / 31,
  dayOfYear(moment: number) {
    const days = Math.floor(moment / DAY);
    const { year } = dateOf(days);
    const first = daysOf(year, 1, 1);
    return (days - first) / (daysOf(year + 1, 1, 1) - first);
  },
  /** From Monday on: 1970 began on a Thursday. */
  dayOfWeek: (moment: number) => remainder(Math.floor(moment / DAY) + 3, 7) / 7,
  hour: (moment: number) => Math.floor(remainder(moment, DAY) / 3_600_000) / 24,
  minute: (moment: number) => Math.floor(remainder(moment, 3_600_000) / 60_000) / 60,
} as const;

const remainder = (x: number, divisor: number) => x - Math.floor(x / divisor) * divisor;

/** 1 on Saturdays and Sundays. */
export const weekendOf = (moment: number): number => (CYCLES.dayOfWeek(moment) * 7 > 4.5 ? 1 : 0);
