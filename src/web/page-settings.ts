import type { BrandOptions } from './pages/brand.ts'
import type { OwnTexts } from './pages/messages/catalogues.ts'
import type { PageViews } from './pages/model.ts'

/** How the pages look and what they say. */
export interface PageSettings {
  brand?: BrandOptions | undefined
  /** Own pages by the name of the page they replace. */
  views?: PageViews | undefined
  /** Own words, and whole languages. */
  texts?: OwnTexts | undefined
}
