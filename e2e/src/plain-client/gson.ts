/** What the original client's JSON library makes of a message: no field that is null, and every number a double. */
export const toGson = (value: unknown): string => {
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.0` : String(value);
  if (Array.isArray(value)) return `[${value.map(toGson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${toGson(field)}`).join(',')}}`;
};
