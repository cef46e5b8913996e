/** The servers that are compared: ours twice, by dialect, against what there is. */
export const CONTENDERS = ['earshot', 'earshot plain', 'thin ws', 'peer', 'original'] as const;
export type Contender = (typeof CONTENDERS)[number];

export const isContender = (text: string | undefined): text is Contender =>
  CONTENDERS.some((contender) => contender === text);

/** What is passed on: candidates one by one, eight in one write as trickling makes them, and whole descriptions. */
export const LOADS = ['candidates', 'bursts of 8', 'offers'] as const;
export type Load = (typeof LOADS)[number];
