// Points in the plane, and whether each lies below the diagonal: as much data as a program needs to train at all.
export const x = Array.from({ length: 64 }, (_, i) => [(i % 8) / 8, ((i * 5) % 64) / 64]);
export const y = x.map(([first, second]) => (first > second ? 1 : 0));
