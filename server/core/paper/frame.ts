/**
 * What all printed papers share: size, type, the number at the top, the page at the foot; Chinese first and English below it.
 * `both` sets a text of two languages, `row` a field of a form, `blank` an empty one that can be filled by hand, `signature`
 * what was drawn on the phone.
 */
export const FRAME = `
#let data = json(bytes(sys.inputs.data))
#set page(
  paper: "a4",
  margin: (x: 22mm, top: 24mm, bottom: 22mm),
  header: [
    #if data.exercise { align(center, box(fill: luma(225), inset: (x: 8pt, y: 3pt), text(9pt, weight: "bold")[演练 EXERCISE　非真实人员 No real people])) }
    #text(8pt, luma(80))[#data.at("issuedBy", default: "") #h(1fr) #data.at("reference", default: "")]
  ],
  footer: context text(8pt, luma(80))[#data.at("footer", default: "") #h(1fr) #counter(page).display("1 / 1", both: true)],
)
#set text(font: "Noto Sans SC", size: 10.5pt, lang: "zh")
#set par(leading: 0.75em, justify: false)
#let small(it) = text(8.5pt, luma(70), lang: "en", it)
#let both(say) = [#say.zh #linebreak() #small(say.en)]
#let head(zh, en) = align(center)[#text(18pt, weight: "bold", zh) #v(-4pt) #text(10pt, luma(70), lang: "en", en) #v(6pt)]
#let part(zh, en) = block(above: 16pt, below: 9pt, sticky: true)[#text(11.5pt, weight: "bold", zh) #h(6pt) #small(en)]
#let blank = box(width: 100%, height: 1em, stroke: (bottom: 0.5pt + luma(150)))
#let or-blank(value) = if value == none or value == "" { blank } else { str(value) }
#let contact(one) = if one == none { blank } else { [#one.name #if one.phone != none [　#one.phone]] }
#let form(..rows) = table(
  columns: (32mm, 1fr),
  inset: (x: 6pt, y: 6pt),
  stroke: 0.5pt + luma(170),
  ..rows.pos().map(((zh, en, value)) => ([#zh #linebreak() #small(en)], align(horizon, value))).flatten(),
)
#let signature(strokes) = box(width: 60mm, height: 24mm, stroke: (bottom: 0.5pt + luma(120)), {
  for stroke in strokes {
    let points = range(calc.quo(stroke.len(), 2)).map(i => (stroke.at(2 * i) / 1000 * 60mm, stroke.at(2 * i + 1) / 1000 * 24mm))
    if points.len() > 1 {
      place(top + left, curve(stroke: 1pt, curve.move(points.first()), ..points.slice(1).map(p => curve.line(p))))
    }
  }
})
`
