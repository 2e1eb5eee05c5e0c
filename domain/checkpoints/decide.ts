/**
 * What a gate does with somebody: verdict of the code × temperature × policy of the site (GATE-4). Pure, so that the gate decides
 * the same without a server; what it says is what the person is told, what it does is what the one at the gate does.
 */
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { showTemperature } from '../observation/temperature.ts'
import type {
  Call,
  CallRole,
  Check,
  GateColour,
  GateDisposition,
  GateKind,
  GatePolicy,
  Lane,
  ReferWhy,
} from './gate.ts'
import type { Verdict } from './gate.ts'

export type AtGate = {
  lane: Lane
  /** Of a code or paper code; null in the other lanes. */
  check: Check | null
  /** Only with a valid check, or by document. */
  colour: GateColour | null
  /** Tenths of a degree; null: not measured yet. */
  temperature: number | null
  /** After rest. */
  retest: number | null
  /** Without a valid code: whether identity card or paper were looked at and satisfy whoever looks; null: not yet. */
  papers: boolean | null
  /** The person says, or papers show, a stay in a key area. */
  keyArea?: boolean
}

export type Decision = {
  /** Null while something is still asked. */
  verdict: Verdict | null
  ask: 'temperature' | 'papers' | 'retest' | null
  /** A referral is due, for this. */
  refer: ReferWhy | null
  rule: string
  do: Say
  say: Say
  call: Call[]
}

const THANKS = say('请通行', 'Please go through')
const MEASURE = say('请量一下体温', 'May I take your temperature, please')

/** GATE-4. Emergency before everything, then fever, then the colour; who has no colour is looked at by hand, never refused for it. */
export function decideAtGate(at: AtGate, policy: GatePolicy): Decision {
  if (at.lane === 'emergency')
    return answer('emergency_pass', 'GATE-3', {
      do: say('立即放行，事后补记', 'Let pass at once; write it down afterwards'),
      say: say('请快走，路上小心', 'Go on quickly, take care'),
    })
  const fever = feverOf(at, policy)
  if (fever) return fever
  if (at.keyArea === true) return refer('key_area', policy, ['isolation', 'community', 'centre'])
  if (at.colour !== null && at.check !== 'by_hand' && at.check !== 'refused') return byColour(at, at.colour, policy)
  return byHand(at, policy)
}

/** GATE-5: a fever rests and is measured again before anybody is sent anywhere; the second measurement counts. */
function feverOf(at: AtGate, policy: GatePolicy): Decision | null {
  const { threshold, restMin, restMax } = policy.temperature
  if (at.temperature === null || at.temperature < threshold) return null
  if (at.retest === null)
    return {
      ...answer('hold_fever', 'GATE-5', {
        do: say(
          `到旁边休息 ${restMin}–${restMax} 分钟后复测，不与他人同坐`,
          `Let the person rest ${restMin} to ${restMax} minutes away from others, then measure again`,
        ),
        say: say(
          `您的体温是 ${showTemperature(at.temperature)}℃，可能是走热了，请休息一会儿再量一次`,
          `Your temperature is ${showTemperature(at.temperature)} ℃; it may be from walking. Please rest a moment, then we measure again`,
        ),
      }),
      ask: 'retest',
    }
  if (at.retest < threshold) return null
  return {
    ...answer('hold_fever', 'GATE-5', {
      do: say(
        '联系发热门诊或 120，戴口罩等候，不让其自行离开就医无人接应',
        'Call the fever clinic or 120; mask on, wait with the person until somebody takes over',
      ),
      say: say(
        `复测 ${showTemperature(at.retest)}℃，请您去发热门诊看看，我们帮您联系`,
        `It is ${showTemperature(at.retest)} ℃ again; please see the fever clinic, we will call for you`,
      ),
    }),
    refer: 'fever',
    call: callsOf(policy, ['clinic', 'ambulance', 'community']),
  }
}

function byColour(at: AtGate, colour: GateColour, policy: GatePolicy): Decision {
  if (colour === 'red') return refer('red', policy, ['isolation', 'community', 'centre', 'ambulance'])
  if (colour !== 'green' && policy[colour] === 'refuse_refer') return refer(colour, policy, ['community', 'centre'])
  const asked = policy.temperature.ask === 'everyone' || (policy.temperature.ask === 'not_green' && colour !== 'green')
  // A site whose rule lets a colour pass "with temperature" measures it, whatever it asks of others.
  if ((asked || colour !== 'green') && at.temperature === null) return ask('temperature', MEASURE)
  return answer(at.temperature === null ? 'admit' : 'admit_with_temp', 'GATE-4', { do: THANKS, say: THANKS })
}

/** GATE-3: no code, a code that cannot be judged here, or one that was refused: a look at papers, never a colour. */
function byHand(at: AtGate, policy: GatePolicy): Decision {
  const known = at.lane === 'hardship' && (at.check === null || at.check === 'valid')
  if (at.papers === null && at.lane !== 'visitor' && !known)
    return ask(
      'papers',
      at.lane === 'hardship'
        ? say(
            '这张凭证不能确认，请出示身份证件和纸质凭证',
            'This pass cannot be confirmed; please show an identity document and the paper',
          )
        : at.check === 'refused'
          ? say(
              '这个码用不了，请出示身份证件或纸质证明',
              'This code cannot be used; please show an identity document or paper',
            )
          : say('请出示身份证件或纸质证明', 'Please show an identity document or paper'),
    )
  if (at.papers === false) return refer('code_refused', policy, ['community', 'police', 'centre'])
  if (policy.temperature.ask !== 'nobody' && at.temperature === null) return ask('temperature', MEASURE)
  return answer(at.temperature === null ? 'admit' : 'admit_with_temp', 'GATE-3', { do: THANKS, say: THANKS })
}

function answer(verdict: Verdict, rule: string, words: { do: Say; say: Say }): Decision {
  return { verdict, ask: null, refer: null, rule, call: [], ...words }
}

function ask(what: 'temperature' | 'papers', words: Say): Decision {
  const doing =
    what === 'temperature'
      ? say('测体温', 'Measure the temperature')
      : say('看身份证件或纸质证明', 'Look at an identity document or paper')
  return { verdict: null, ask: what, refer: null, rule: 'GATE-4', do: doing, say: words, call: [] }
}

function refer(why: ReferWhy, policy: GatePolicy, roles: readonly CallRole[]): Decision {
  return {
    verdict: 'refuse_refer',
    ask: null,
    refer: why,
    rule: 'GATE-7',
    do: say(
      '请到旁边，按转送流程办理并登记去向',
      'Step aside with the person, follow the referral and note where they go',
    ),
    say: say(
      '请到旁边稍等，我们帮您联系，告诉您怎么办；您可以就码色申诉',
      'Please wait here a moment; we will call and tell you what to do. You may object to your colour',
    ),
    call: callsOf(policy, roles),
  }
}

/** Whom to call, in the order of the roles; whoever the site named for nothing else comes last. */
export function callsOf(policy: GatePolicy, roles: readonly CallRole[]): Call[] {
  return roles.flatMap((role) => policy.call.filter((one) => one.role === role))
}

export type Referred = { why: ReferWhy; fever: boolean; homeProved: boolean; kind: GateKind }

/** GATE-7, Changzhou (1) to (4): what is offered, the usual first. Whoever lives behind the gate is never turned back from it. */
export function dispositionsOf(of: Referred, policy: Pick<GatePolicy, 'turnBack'>): GateDisposition[] {
  if (of.fever || of.why === 'fever') return ['fever_clinic']
  const back: GateDisposition[] = policy.turnBack && of.kind !== 'estate' && !of.homeProved ? ['turned_back'] : []
  const home: GateDisposition[] = of.homeProved ? ['grid'] : []
  if (of.why === 'key_area' || of.why === 'red') return ['isolation_site', ...home, 'cleared']
  if (of.why === 'code_refused') return ['cleared', ...home, ...back, 'isolation_site']
  return [...home, ...back, 'isolation_site', 'cleared']
}
