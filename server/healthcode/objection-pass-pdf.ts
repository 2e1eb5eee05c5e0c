import type { Say } from '@weiwang/domain/core/say'
import { renderPaper } from '../core/paper/paper.ts'

/** The temporary pass for hardship (OBJECT-15), one page in two languages; the number large, as it is typed at a gate. */
const PASS = `
#head("临时通行证", "Temporary pass for hardship")
#grid(columns: (1fr, 44mm), gutter: 6mm, align: horizon,
  align(center, text(26pt, weight: "bold", tracking: 1pt, data.reference)),
  image(bytes(data.qr), width: 44mm, format: "svg"),
)
#v(4pt)
#form(
  ("姓名", "Name", or-blank(data.name)),
  ("证件号码", "Document", or-blank(data.document)),
  ("事由", "For", both(data.reason)),
  ("前往", "To", or-blank(data.to)),
  ("有效期自", "Valid from", data.from),
  ("查验电话", "To check by telephone", [#data.desk　#or-blank(data.phone)]),
  ("有效期至", "Valid until", text(14pt, weight: "bold", data.until)),
)
#part("说明", "What it is")
本证仅用于上述事由，与本人证件一并出示，到期自动失效，可被收回；不改变健康码颜色。请佩戴口罩、配合测温，直接往返。
#linebreak()
#small[This pass is for the purpose above alone. Show it with your document. It ends by itself, may be revoked, and does not change the colour of a health code. Wear a mask, let your temperature be taken, go and return directly.]
#part("卡口", "At a gate")
请在卡口端扫描此码（不需要网络）或输入编号，并核对证件；查验不通时，请电话联系签发的网格中心，先予放行急救。
#linebreak()
#small[Scan the square, which needs no network, or type the number, and compare the document. If neither works, ring the centre that issued it; an emergency passes first.]
#v(14mm)
#align(right)[#data.issuedBy #linebreak() #small[Issued by] #v(10mm) #data.issuedOn（盖章 #small[stamp]）]
`

export type PassPaper = {
  reference: string
  issuedBy: string
  county: string
  name: string
  document: string | null
  desk: string
  phone: string | null
  reason: Say
  to: string
  from: string
  until: string
  issuedOn: string
  /** The signed square, as SVG (OBJECT-17). */
  qr: string
  exercise: boolean
}

/** @returns the pass as a PDF of one page */
export function passPdf(pass: PassPaper): Buffer {
  return renderPaper(PASS, { ...pass, footer: pass.county })
}
