import type { components } from '../schema';

// The knowledge base and the search are shown as the server describes them.
type Schema = components['schemas'];

export type ArticleRow = Schema['ArticleRow'];
export type Article = Schema['ArticleView'];
export type ArticleContent = Schema['Content'];
export type ArticleVersion = Schema['VersionView'];
export type KnowledgeTree = Schema['KnowledgeTree'];
export type KnowledgeReport = Schema['KnowledgeReport'];
export type Suggestion = Schema['Suggestion'];
export type DiffPiece = Schema['Piece'];
export type SearchRow = Schema['SearchRow'];
export type SearchPage = Schema['SearchPage'];
export type SavedFilter = Schema['SavedFilter'];
export type SearchFilter = Schema['SearchFilter'];
export type Statistics = Schema['Statistics'];
export type Tally = Schema['Tally'];
export type Export = Schema['Export'];
