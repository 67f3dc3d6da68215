/** Two spirals wound around each other: classes that no line, and no shallow bend, tells apart. */
import { Purpose, randomStream } from "../../src/numeric/random.js";

export interface LabeledPoints {
  readonly x: number[][];
  readonly y: number[];
}

/**
 * Points on two arms r = φ / 2π turns, the second turned by π (after Lang & Witbrock 1988), each moved by up to `noise`.
 *
 * @param turns of each arm
 */
export function spirals(count: number, { turns = 1.5, noise = 0.03, seed = 1 } = {}): LabeledPoints {
  const stream = randomStream(seed, 0, 0, Purpose.Shuffle);
  let drawn = 0;
  const uniform = () => stream.uint32(drawn++) / 2 ** 32;
  const y = Array.from({ length: count }, (_, i) => i % 2);
  const x = y.map((arm) => {
    const share = Math.sqrt(0.02 + 0.98 * uniform());
    const angle = 2 * Math.PI * turns * share + Math.PI * arm;
    const moved = () => (2 * uniform() - 1) * noise;
    return [share * Math.cos(angle) + moved(), share * Math.sin(angle) + moved()];
  });
  return { x, y };
}
