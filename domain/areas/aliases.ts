/**
 * Names that people use and the statistical codes do not have: abolished counties, former county towns, short names of
 * development zones. Written by the project from general knowledge of the reorganisations of Jiangsu since about 1990;
 * not copied from a list. An old area that went to several gets all of them: then only their common parent is certain.
 */
import type { AreaCode } from './code.ts'

export type AliasKind = 'short' | 'old' | 'other' | 'learned'
export type Alias = { alias: string; codes: readonly AreaCode[]; kind: AliasKind }

function old(alias: string, ...codes: AreaCode[]): Alias {
  return { alias, codes, kind: 'old' }
}

function other(alias: string, ...codes: AreaCode[]): Alias {
  return { alias, codes, kind: 'other' }
}

/** Names that are found anywhere in an address. */
export const ALIASES: readonly Alias[] = [
  // Nanjing: 2013 merged 白下 into 秦淮 and 下关 into 鼓楼; 2002 and 2000 turned counties into districts; 2013 the last two.
  old('白下区', '320104'),
  old('下关区', '320106'),
  old('江浦县', '320111'),
  old('大厂区', '320116'),
  old('六合县', '320116'),
  old('江宁县', '320115'),
  old('溧水县', '320117'),
  old('高淳县', '320118'),
  // The new area lies across three districts.
  other('江北新区', '320111', '320116', '320113'),
  // Wuxi: 2015 崇安, 南长 and 北塘 became 梁溪; 新区 became 新吴; 2000 锡山市 was divided.
  old('崇安区', '320213'),
  old('南长区', '320213'),
  old('北塘区', '320213'),
  old('无锡新区', '320214'),
  old('锡山市', '320205', '320206', '320211'),
  old('无锡县', '320205', '320206', '320211', '320214'),
  old('江阴县', '320281'),
  old('宜兴县', '320282'),
  other('无锡高新区', '320214'),
  other('无锡国家高新区', '320214'),
  // Xuzhou: 2010 九里 was divided, 铜山 became a district.
  old('九里区', '320302', '320311', '320312'),
  old('铜山县', '320312'),
  old('邳县', '320382'),
  old('新沂县', '320381'),
  other('徐州经开区', '320371'),
  other('徐州开发区', '320371'),
  other('徐州新城区', '320303'),
  // Changzhou: 2015 戚墅堰 joined 武进, 金坛 became a district; 2002 武进市 and the suburban district.
  old('戚墅堰区', '320412'),
  old('武进市', '320412'),
  old('武进县', '320412'),
  old('金坛市', '320413'),
  old('金坛县', '320413'),
  old('溧阳县', '320481'),
  other('常州高新区', '320411'),
  other('常州新区', '320411'),
  // Suzhou: 2012 three old districts became 姑苏, 吴江 a district; 2001 吴县市 was divided.
  old('平江区', '320508'),
  old('沧浪区', '320508'),
  old('金阊区', '320508'),
  old('吴县市', '320506', '320507'),
  old('吴县', '320505', '320506', '320507'),
  old('吴江市', '320509'),
  old('吴江县', '320509'),
  old('常熟县', '320581'),
  old('昆山县', '320583'),
  old('太仓县', '320585'),
  old('沙洲县', '320582'),
  other('苏州高新区', '320505'),
  other('苏州新区', '320505'),
  other('苏州国家高新区', '320505'),
  other('苏州科技城', '320505'),
  other('苏州园区', '320576'),
  // Nantong: 2020 港闸 joined 崇川, 海门 became a district; 2018 海安 a city; 2009 通州 a district.
  old('港闸区', '320613'),
  old('海门市', '320614'),
  old('海门县', '320614'),
  old('海安县', '320685'),
  old('通州市', '320612'),
  old('南通县', '320612'),
  old('启东县', '320681'),
  old('如皋县', '320682'),
  other('南通开发区', '320671'),
  other('南通经开区', '320671'),
  other('南通市开发区', '320671'),
  // Lianyungang: 2014 新浦 joined 海州, 赣榆 became a district; 云台 was divided in 2001.
  old('新浦区', '320706'),
  old('赣榆县', '320707'),
  old('云台区', '320703', '320706'),
  other('连云港开发区', '320771'),
  other('连云港经开区', '320771'),
  // Huai'an (Huaiyin until 2001): 楚州 became 淮安区 in 2012; 清河 and 清浦 became 清江浦 in 2016; 洪泽 a district.
  old('淮阴市', '3208'),
  old('楚州区', '320803'),
  old('清河区', '320812'),
  old('清浦区', '320812'),
  old('淮阴县', '320804'),
  old('洪泽县', '320813'),
  other('淮安经开区', '320871'),
  other('淮安开发区', '320871'),
  // Yancheng: 2003 城区 became 亭湖, 盐都 a district; 2015 大丰 a district.
  old('盐都县', '320903'),
  old('大丰市', '320904'),
  old('大丰县', '320904'),
  old('东台县', '320981'),
  other('盐城经开区', '320971'),
  other('盐城开发区', '320971'),
  other('盐南高新区', '320903'),
  // Yangzhou: 2011 维扬 joined 邗江, 江都 a district.
  old('维扬区', '321003'),
  old('江都市', '321012'),
  old('江都县', '321012'),
  old('邗江县', '321003'),
  old('仪征县', '321081'),
  old('高邮县', '321084'),
  other('扬州经开区', '321071'),
  other('扬州开发区', '321071'),
  // Zhenjiang
  old('丹徒县', '321112'),
  old('丹阳县', '321181'),
  old('扬中县', '321182'),
  old('句容县', '321183'),
  other('镇江经开区', '321171'),
  other('镇江大港新区', '321171'),
  // Taizhou: 2012 姜堰 a district; the medical zone and 高港 work as one.
  old('姜堰市', '321204'),
  old('泰县', '321204'),
  old('兴化县', '321281'),
  old('靖江县', '321282'),
  old('泰兴县', '321283'),
  other('泰州医药高新区', '321203'),
  other('医药高新区', '321203'),
  // Suqian
  old('宿豫县', '321302', '321311'),
  old('宿迁县', '321302', '321311'),
  other('宿迁经开区', '321371'),
  other('宿迁开发区', '321371'),
  other('苏宿园区', '321302450'),
  other('苏宿工业园区', '321302450'),
  // Towns that merged or were renamed.
  old('三厂街道', '320614418'),
  old('三厂镇', '320614418'),
  old('三星镇', '320614416'),
  old('临江镇', '320614414'),
  old('包场镇', '320614415'),
  old('花桥经济开发区', '320583104'),
  other('花桥国际商务城', '320583104'),
  // Three towns of Kunshan are counted as one tourist zone.
  other('周庄镇', '320583401'),
  other('锦溪镇', '320583401'),
  other('淀山湖镇', '320583401'),
  other('浒关', '320505400'),
  old('浒墅关镇', '320505400'),
  old('浒关镇', '320505400'),
  old('东渚镇', '320505407'),
  old('东渚街道', '320505407'),
  old('杭集镇', '321002401'),
  old('泰安镇', '321002402'),
  old('永安洲镇', '321203100'),
  old('沿江街道', '321203007'),
  old('苏宿工业园', '321302450'),
  old('马棚街道', '321084406'),
  old('车逻镇', '321084401'),
]

/** Names that say something only directly after the name of the area above ("苏州 … 园区", "淮安 … 经开区"). */
export const UNDER_PARENT: readonly Alias[] = [
  other('工业园区', '320576'),
  other('园区', '320576'),
  other('新区', '320505', '320214', '321171', '320411'),
  other('高新区', '320505', '320214', '320411', '321203', '320706', '320903', '321003'),
  other('高新技术开发区', '320505', '320214', '320411'),
  other('高新技术产业开发区', '320505', '320214', '320411'),
  ...['经开区', '开发区', '经济开发区', '经济技术开发区'].map((alias) =>
    other(alias, '320371', '320671', '320771', '320871', '320971', '321071', '321171', '321371'),
  ),
]
