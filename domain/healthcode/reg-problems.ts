import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

type None = Record<string, never>

export const notResident = defineProblem<None>({
  code: 'NOT_RESIDENT',
  kind: 'refused',
  rule: 'REGISTER-1',
  message: () => say('请用本人手机号在居民页登录', 'Log in with your own number on the residents’ page'),
  remedy: () => say('打开居民页，用验证码登录', 'Open the residents’ page and log in by a code'),
})

export const proofNeeded = defineProblem<None>({
  code: 'PROOF_NEEDED',
  kind: 'refused',
  rule: 'REGISTER-4',
  message: () => say('此手机号已登记，请先核对证件', 'This number is registered; show your document first'),
  remedy: () => say('填写登记时的姓名和证件号码', 'Give the name and the document number of the registration'),
})

/** One answer for everything that may be wrong. */
export const proofFailed = defineProblem<None>({
  code: 'PROOF_FAILED',
  kind: 'refused',
  rule: 'REGISTER-4',
  message: () => say('姓名或证件号码不符', 'Name or document number does not fit'),
  remedy: () =>
    say(
      '请核对；号码原是别人的，请选“这个号码以前不是我的”',
      'Check them; if the number was somebody else’s before, choose “this number is new to me”',
    ),
})

export const registerFirst = defineProblem<None>({
  code: 'REGISTER_FIRST',
  kind: 'refused',
  rule: 'REGISTER-12',
  message: () => say('请先为本人登记', 'Register yourself first'),
  remedy: () => say('本人登记后即可添加老人和孩子', 'Then you can add children and elders'),
})

export const registeredAlready = defineProblem<None>({
  code: 'REGISTERED_ALREADY',
  kind: 'conflict',
  rule: 'REGISTER-6',
  message: () => say('本账号已为本人登记', 'You are registered under this account'),
  remedy: () => say('情况有变请修改申报或更正信息', 'Declare anew, or correct what has changed'),
})

export const documentNotTaken = defineProblem<{ kinds: string[] }>({
  code: 'DOCUMENT_NOT_TAKEN',
  kind: 'invalid',
  rule: 'REGISTER-9',
  message: () => say('这里不用这种证件登记', 'This kind of document is not taken here'),
  remedy: () => say('请改用其他证件，或到社区登记', 'Use another document, or register at the community desk'),
})

export const birthNeeded = defineProblem<None>({
  code: 'BIRTH_NEEDED',
  kind: 'invalid',
  rule: 'REGISTER-13',
  message: () => say('需要完整的出生日期', 'The whole birth date is needed'),
  remedy: () => say('请按年-月-日填写', 'Give year, month and day'),
})

export const tooOldForChild = defineProblem<{ under: number }>({
  code: 'NOT_A_CHILD',
  kind: 'refused',
  rule: 'REGISTER-12',
  message: ({ under }) => say(`只能为未满 ${under} 周岁的孩子代办`, `Only a child under ${under} can be added`),
  remedy: () => say('成年人请自己登记，或到社区代办', 'An adult registers alone, or at the community desk'),
})

export const tooYoungForElder = defineProblem<{ from: number }>({
  code: 'NOT_AN_ELDER',
  kind: 'refused',
  rule: 'REGISTER-12',
  message: ({ from }) => say(`只能为年满 ${from} 周岁的老人代办`, `Only an elder of ${from} or more can be added`),
  remedy: () => say('请本人登记，或到社区代办', 'They register alone, or at the community desk'),
})

export const tooManyWards = defineProblem<{ max: number }>({
  code: 'TOO_MANY_WARDS',
  kind: 'refused',
  rule: 'REGISTER-12',
  message: ({ max }) => say(`一个账号最多代办 ${max} 人`, `One account stands for at most ${max} others`),
  remedy: () => say('请到社区登记，或先结束一人', 'Register at the community desk, or end one first'),
})

export const holderNotGreen = defineProblem<None>({
  code: 'HOLDER_NOT_GREEN',
  kind: 'refused',
  rule: 'REGISTER-12',
  message: () => say('本人码色变绿后才能代办他人', 'Others can be added when your own colour is green'),
  remedy: () => say('请到社区为家人登记', 'Register them at the community desk'),
})

export const wardHere = defineProblem<None>({
  code: 'WARD_HERE',
  kind: 'conflict',
  rule: 'REGISTER-12',
  message: () => say('此人已在您的账号中', 'This person is with your account already'),
  remedy: () => say('请在“家人”中查看', 'See “my people”'),
})

export const badAnswer = defineProblem<{ what: string }>({
  code: 'ANSWER_UNFIT',
  kind: 'invalid',
  rule: 'REGISTER-7',
  message: () => say('日期前后不符或晚于今天', 'A day lies in the future, or days do not follow each other'),
  remedy: () => say('请核对日期', 'Check the days'),
})

export const arrivalNeeded = defineProblem<None>({
  code: 'ARRIVAL_NEEDED',
  kind: 'invalid',
  rule: 'REGISTER-7',
  message: () => say('来（返）人员须填写何时从何处来', 'Who comes or returns says from where and when'),
  remedy: () => say('请填写出发地、到达日期和交通方式', 'Give the place, the day of arrival and the means'),
})

export const unknownPlace = defineProblem<{ area: string }>({
  code: 'PLACE_UNKNOWN',
  kind: 'invalid',
  rule: 'REGISTER-7',
  message: () => say('没有这个地区', 'There is no such area'),
  remedy: () => say('请从列表中选择', 'Choose it from the list'),
})

export const idTaken = defineProblem<{ id: string }>({
  code: 'REGISTER_ID_TAKEN',
  kind: 'conflict',
  rule: 'REGISTER-8',
  message: () => say('此编号已用于另一次提交', 'This id belongs to another submission'),
  remedy: () => say('请刷新页面后再提交', 'Reload the page and send again'),
})

export const sentBefore = defineProblem<None>({
  code: 'BEING_CHECKED',
  kind: 'conflict',
  rule: 'REGISTER-3',
  message: () => say('已提交，正在核对', 'It was sent in and is being checked'),
  remedy: () =>
    say('核对后会通知您；可先带证件到社区办理', 'You will be told; with your card the community desk can do it now'),
})

export const tooManyRegistrations = defineProblem<{ hours: number }>({
  code: 'TOO_MANY_REGISTRATIONS',
  kind: 'limit',
  rule: 'REGISTER-3',
  message: ({ hours }) => say(`提交过多，请 ${hours} 小时后再试`, `Too many submissions; try again in ${hours} hours`),
})

export const numberNotChanged = defineProblem<None>({
  code: 'NUMBER_NOT_CHANGED',
  kind: 'refused',
  rule: 'REGISTER-5',
  message: () => say('验证码不对，或这个号码不能使用', 'The code is wrong, or this number cannot be used'),
  remedy: () => say('请核对号码和验证码', 'Check the number and the code'),
})

/** What is wrong with a proposal, each fault with its place. */
export const policyFaulty = defineProblem<{ faults: { at: string; say: Say }[] }>({
  code: 'POLICY_FAULTY',
  kind: 'invalid',
  rule: 'REGISTER-9',
  message: ({ faults }) =>
    say(
      `规定还不能提交：${faults.map((one) => one.say.zh).join('；')}`,
      `This cannot be proposed yet: ${faults.map((one) => one.say.en).join('; ')}`,
    ),
  remedy: () => say('请改正后再提交', 'Correct it and propose it again'),
})

export const policyDecided = defineProblem<{ state: string }>({
  code: 'POLICY_DECIDED',
  kind: 'conflict',
  rule: 'REGISTER-9',
  message: () => say('此项已有结论', 'This has been decided already'),
  remedy: () => say('请刷新列表', 'Reload the list'),
})

export const heldDecided = defineProblem<{ state: string }>({
  code: 'HELD_DECIDED',
  kind: 'conflict',
  rule: 'REGISTER-3',
  message: () => say('此项已有结论', 'This has been decided already'),
  remedy: () => say('请刷新列表', 'Reload the list'),
})

export const returnTooFar = defineProblem<{ days: number }>({
  code: 'RETURN_TOO_FAR',
  kind: 'invalid',
  rule: 'REGISTER-15',
  message: ({ days }) =>
    say(`只能登记今天起 ${days} 天内的返回`, `A return is told at most ${days} days ahead, not in the past`),
  remedy: () => say('请核对预计到达日期', 'Check the expected day'),
})

export const returnStepUnfit = defineProblem<{ step: string; state: string }>({
  code: 'RETURN_STEP_UNFIT',
  kind: 'conflict',
  rule: 'REGISTER-16',
  message: () => say('返回登记现在不能这样处理', 'The return is not in a state for this'),
  remedy: () => say('请刷新后查看', 'Reload and look'),
})

export const cardNotSeen = defineProblem<None>({
  code: 'CARD_NOT_SEEN',
  kind: 'refused',
  rule: 'REGISTER-3',
  message: () => say('须当面看过证件才能通过', 'Accepted only after the card was seen'),
  remedy: () => say('请对方带证件当面核对', 'Ask them to show the card in person'),
})
