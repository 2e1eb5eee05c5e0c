import type { CertificateData, NoticeData } from '@weiwang/domain/observation/api'
import { renderPaper } from '../core/paper/paper.ts'

/** The notice (OBS-9): every field of the form, blank where nothing is known; signed as it was signed. */
const NOTICE = `
#head("居家观察告知书", "Notice of home observation")
#align(center, text(12pt, weight: "bold", both(data.measureName)))
#v(4pt)
#form(
  ("姓名", "Name", or-blank(data.name)),
  ("性别", "Sex", if data.sex == "male" [男 male] else if data.sex == "female" [女 female] else { blank }),
  ("电话", "Telephone", or-blank(data.phone)),
  ("证件号码", "Document", or-blank(data.document)),
  ("观察地址", "Place of stay", or-blank(data.address)),
  ("所在单位", "Employer or school", if data.unit == none { blank } else [#data.unit.name #if data.unit.contact != none [　#contact(data.unit.contact)]]),
  ("观察期限", "Period", [#data.from — #if data.to == none [#box(width: 30mm, stroke: (bottom: 0.5pt + luma(150)), " ")] else [#data.to（含当日 included）]]),
  ("社区干部", "Cadre", contact(data.cadre)),
  ("网格员", "Grid worker", contact(data.worker)),
)
#part("要求", "What is asked")
#enum(tight: false, spacing: 8pt, ..data.rules.map(both))
#part("集中观察的权利", "Your right to a central place")
#both(data.central)
#part("不同意怎么办", "If you object")
#both(data.objection.say)
#if data.objection.phone != none [#linebreak() #data.objection.contact　#data.objection.phone]
#part("法律后果", "Consequences by law")
#both(data.consequence)
#linebreak()
#small[依据 Legal order：#data.legalOrder]
#part("个人信息", "Your data")
#both(data.privacy)
#v(10pt)
#grid(columns: (1fr, 1fr), gutter: 10mm,
  [
    本人已知晓并承诺遵守。#linebreak() #small[I have been told and agree to keep this.]
    #v(2pt)
    #if data.signed != none and data.signed.strokes != none { signature(data.signed.strokes) } else { signature(()) }
    #linebreak() 签名 #small[Signature]　#if data.signed != none { data.signed.on }
  ],
  [
    #data.issuedBy #linebreak() #small[Issued by]
    #v(16mm)
    #data.issuedOn（盖章 #small[stamp]）
  ],
)
`

/** The release note (OBS-18): from when to when, that it is over, and when the file goes. */
const RELEASE = `
#head("解除居家观察通知书", "Note of release from home observation")
#align(center, text(12pt, weight: "bold", both(data.measureName)))
#v(4pt)
#form(
  ("姓名", "Name", or-blank(data.name)),
  ("证件号码", "Document", or-blank(data.document)),
  ("观察地址", "Place of stay", or-blank(data.address)),
  ("观察期限", "Period", [#data.from — #data.to]),
  ("解除生效", "Released from", data.effective),
  ("文书编号", "Number", data.note),
)
#v(8pt)
#text(12pt, both(data.text))
#if data.followUpOn != none [
  #part("回访", "A call afterwards")
  社区将于 #data.followUpOn 前后电话回访。#linebreak() #small[Your community will ring about #data.followUpOn.]
]
#part("档案删除", "When the file is deleted")
本次观察的个人信息将于 #data.deletedOn 删除。#linebreak() #small[What was kept about this observation is deleted on #data.deletedOn.]
#v(18mm)
#align(right)[#data.issuedBy #linebreak() #small[Issued by] #v(10mm) #data.issuedOn（盖章 #small[stamp]）]
`

/** @returns the notice as a PDF of one or two pages */
export function noticePdf(notice: NoticeData, exercise: boolean): Buffer {
  return renderPaper(NOTICE, { ...notice, exercise })
}

/** @returns the release note as a PDF of one page */
export function releasePdf(certificate: CertificateData, exercise: boolean): Buffer {
  return renderPaper(RELEASE, { ...certificate, exercise })
}
