"""The Chinese of every message, by its English template. Loaded only when somebody reads Chinese."""

CHINESE: dict[str, str] = {
    # schedules in words
    "{amount} each year": "每年 {amount}",
    "{first} in year 1, {rise} more every year": "第 1 年 {first}，以后每年增加 {rise}",
    "listed year by year: {amounts}": "逐年列明：{amounts}",
    "only {amounts}": "仅在：{amounts}",
    "{amount} in year {year}": "第 {year} 年 {amount}",
    "{first}, {change} after every {every} full years": "{first}，每满 {every} 年{change}",
    "{first}; {changes}": "{first}；{changes}",
    "from year {year} {change}": "自第 {year} 年起{change}",
    "{rate} of the previous amount": "按上期金额 {rate}",
    "{rate} of the first amount": "按首期金额 {rate}",
    "to {amount}": "改为 {amount}",
    "{amount} more": "增加 {amount}",
    "{name} of the year": "当年的{name}",
    "{name} of {lag} years before": "{lag} 年前的{name}",
    "the sum of": "以下各项之和",
    "the first less the second": "前项减后项",
    "the product of": "以下各项之积",
    "paid in kind, goods times price": "以实物计：数量 × 价格",
    "{rate} of": "以下金额的 {rate}",
    "in tiers, {tiers}, of": "对以下金额分档：{tiers}",
    "{rate} of the rest": "其余部分 {rate}",
    "{rate} up to {limit}": "{limit} 以内 {rate}",
    "the highest of": "以下各项中最高者",
    "the lowest of": "以下各项中最低者",
    "nothing for {years} years with the clock stopped, then": "前 {years} 年不付，年数顺延，此后",
    "nothing in years {years} while the clock runs, otherwise": "第 {years} 年不付，年数照计，其余年份",
    "unchanged after year {year}, until then": "第 {year} 年后不再变动，此前",
    "the first up to year {after}, then the second from its own year 1": "至第 {after} 年按前项，此后按后项自其第 1 年起",
    # rounding
    "rounded: {place}, {mode}, to {to}": "取整：{place}，{mode}，精确到 {to}",
    "the unit price, each time it is read": "单价，每次取用时",
    "the unit price, carried rounded into the next step": "单价，取整后滚入下一级",
    "each payment": "每次付款",
    "the running total, payments are its differences": "累计数，各次付款为其差额",
    "the total only, settled by the last payment": "仅总额，由末次付款结清",
    "half up": "四舍五入",
    "half even": "四舍六入五成双",
    "down": "舍去",
    "up": "进位",
    # the calendar
    "on {month:0>2}-{day:0>2}": "{month} 月 {day} 日",
    "on {month:0>2}-{day:0>2} after the period": "期满后的 {month} 月 {day} 日",
    "{days} days after the period": "期满后 {days} 天",
    "on the first day of the period": "期初第一天",
    "on the last day of the period": "期末最后一天",
    "lease": "租赁",
    "contracted land": "承包地",
    "barren land": "荒山（四荒地）",
    "contribution": "入股",
    "service": "服务",
    # explanations
    "{stream}, contract year {year} ({start} – {end})": "{stream}，合同第 {year} 年（{start} – {end}）",
    "the stub is {part} of a contract year, by days": "零头期按天数为一个合同年的 {part}",
    "assumption: {assumption}": "假设：{assumption}",
    "due {rule}: {date}": "应付日（{rule}）：{date}",
    "not known": "未知",
    "{amount}": "{amount}",
    "{amount} {unit}": "{amount} {unit}",
    "≈ {amount}": "≈ {amount}",
    "{about}: any one of these clauses would make it hold; none of them is in the source, none is believed": (
        "{about}：下列任一条款均可使其成立；来源中均无记载，均不采信"
    ),
    "growth that stops after year {n}": "第 {n} 年后停止增长",
    "{n} leading years without payment, the clock running": "开头 {n} 年不付，年数照计",
    "a delay of {n} years, the clock stopped": "推迟 {n} 年，年数顺延",
    "{n} last years without payment": "最后 {n} 年不付",
    # series
    "{name}: {year}'s {figure} assumed to hold": "{name}：假设保持 {year} 年的 {figure}",
    "{name}: {year}'s {figure} assumed to change by {rate} of the previous year's": (
        "{name}：假设自 {year} 年的 {figure} 起每年变动上年的 {rate}"
    ),
    "{name}: {year} assumed as listed": "{name}：{year} 年按所列假设",
    "{name} has no figure for {year}: figures are known for {first} to {last}": (
        "{name}缺 {year} 年的数字：已知 {first} 至 {last} 年"
    ),
    "{name} has no figures: at least one year is expected": "{name}没有数字：至少应有一年",
    "{name} has figures for {seen}: either calendar years (2014) or contract years (1), not both": (
        "{name}有 {seen} 年的数字：应全为公历年（2014）或全为合同年（1），不可混用"
    ),
    "{name} assumes a figure for {seen}, but its figures are known up to {last}": (
        "{name}假设了 {seen} 年的数字，但已知数字到 {last} 年"
    ),
    "{name} is in {unit}, but {year} is in {was}": "{name}的单位是{unit}，但 {year} 年是{was}",
    "{name} assumes {seen}: 'hold', a yearly change such as '+2%', or the years' figures are expected": (
        "{name}的假设为 {seen}：应为 'hold'（保持不变）、每年的变动（如 '+2%'）或逐年数字"
    ),
    # tables
    "{start} – {end}, contract years: {years}, amounts in {unit}": "{start} – {end}，合同年数：{years}，金额单位：{unit}",
    "{payer} → {payee}; ": "{payer} → {payee}；",
    "{years} and a part": "{years} 及零头",
    "in the book of {book}": "记账主体：{book}",
    "{name}: {parties}{basis}; {due}": "{name}：{parties}{basis}；{due}",
    "due {rule}": "{rule}付",
    "due {instalments}": "{instalments}",
    "in part not known": "部分未知",
    "totals are of what is known": "合计只含已知部分",
    "{share} {rule}": "{rule}付 {share}",
    "{letter}: {remark}": "{letter}：{remark}",
    "{goods}": "{goods}",
    "{shown}": "{shown}",
    "{shown} {unit}": "{shown} {unit}",
    "≈ {figure}": "≈ {figure}",
    "a lease is void for what exceeds 20 years (民法典 705)": "租赁期限超过二十年的部分无效（民法典第七百零五条）",
    "{stream}, by part": "{stream}：分成",
    "{stream}, by holder": "{stream}：分户",
    "remainder to {account}: {amount}": "余额转入{account}：{amount}",
    "year": "年",
    "from – to": "起止",
    "due": "应付日",
    "total": "合计",
    "received": "收入",
    "paid": "支出",
    "notes": "备注",
    "number": "编号",
    "name": "姓名",
    "shares": "股数",
    "each time": "每次",
    "claims": "核对来源数字",
    "claim": "事项",
    "claimed": "来源数字",
    "computed": "计算结果",
    "difference": "差额",
    "verdict": "结论",
    "holds": "相符",
    "holds, {reading}": "相符（{reading}）",
    "does NOT hold": "不符",
    "does NOT hold, {reading}": "不符（{reading}）",
    "rounded to {step}": "四舍五入到 {step}",
    "truncated to {step}": "舍去 {step} 以下",
    "within {share}": "误差 {share} 以内",
    "at least": "不少于",
    "at most": "不多于",
    # quantities
    "{seen} is not a quantity: write for example 16万元, 160 yuan/mu, 20%, 10,000": (
        "{seen} 不是数量：应写成例如 16万元、160 元/亩、20%、10,000"
    ),
    "{seen} is a binary floating-point number: write it as text, '{seen}', to keep it exact": (
        "{seen} 是二进制浮点数：请写成文本 '{seen}' 以保持精确"
    ),
    "{seen} is out of range: a quantity stays below 10¹⁵": "{seen} 超出范围：数量须小于 10¹⁵",
    "{seen} is in {was} where {unit} is expected": "{seen} 的单位是{was}，应为{unit}",
    "{seen} has no unit: {unit} is expected": "{seen} 没有单位：应为{unit}",
    "{seen} has a unit where a plain number or a percentage is expected": "{seen} 带有单位：此处应为数字或百分比",
    "{seen} is in jin where {unit} is expected: 1 kg is 2 jin": "{seen} 以斤计，应为{unit}：1 公斤 = 2 斤",
    # refusals of schedules
    "{count} years are expected, {seen} are listed": "应有 {count} 年，只列了 {seen} 年",
    "an empty list: one amount for each year is expected": "空列表：应每年一个金额",
    "an empty list: at least one year with its amount is expected": "空列表：至少应有一年及其金额",
    "an empty list: at least one step is expected": "空列表：至少应有一次调整",
    "an empty list: at least one schedule is expected": "空列表：至少应有一项",
    "an empty list: at least one year without payment is expected": "空列表：至少应有一个不付的年份",
    "a lump sum in year {seen} lies outside the term: years 1 to {last} are accepted": (
        "第 {seen} 年的一次性金额在期限之外：可为第 1 年至第 {last} 年"
    ),
    "a step every {seen} years: whole years, 1 or more, are accepted": "每 {seen} 年调整一次：应为整年数，至少 1 年",
    "a step in year {seen}: contract years from 2 on are accepted": "第 {seen} 年调整：应为第 2 年及以后的合同年",
    "a step in year {seen} lies outside the term: years 2 to {last}": "第 {seen} 年的调整在期限之外：可为第 2 年至第 {last} 年",
    "a step by {seen}: more than -100% is expected": "调整 {seen}：应大于 -100%",
    "a step needs either 'by' (how much more) or 'to' (the new amount)": "调整应写明 by（增加多少）或 to（改为多少），二者取一",
    "{seen} of what? of = 'previous' (compound) or of = 'base' (simple) is expected": (
        "{seen} 以什么为基数？应写 of = '上期'（复利）或 of = '首期'（单利）"
    ),
    "{seen} of {of}: a percentage of 'previous' or of 'base' is expected": "{seen}（基数 {of}）：应为对 '上期' 或 '首期' 的百分比",
    "year {year} is given twice: once is accepted": "第 {year} 年写了两次：只能写一次",
    "year {seen}: a whole number, 1 or more, is accepted": "年份 {seen}：应为不小于 1 的整数",
    "year {seen} without payment lies outside the {last} years": "不付的第 {seen} 年在 {last} 年期限之外",
    "a delay of {seen} years leaves nothing of {last} years": "推迟 {seen} 年后，{last} 年期限内没有付款",
    "a hand-over after year {seen} leaves nothing of {last} years": "第 {seen} 年后接续，{last} 年期限内没有余下的年份",
    "{one} and {other} do not go together: the same unit is expected": "{one}与{other}不能合在一起：单位应相同",
    "figures by calendar year need the calendar year in which year 1 starts": "按公历年的数字需要第 1 年开始的公历年份",
    "a share needs either a rate or tiers": "分成应写明比例或分档，二者取一",
    "{seen} is not a rate: a percentage such as 10% is expected": "{seen} 不是比例：应为百分比，例如 10%",
    "tiers up to {seen}: rising limits are expected, and a last tier without one": (
        "分档上限 {seen}：上限应逐档升高，最后一档不设上限"
    ),
    "a tier up to {seen}: a limit above 0 is expected": "分档上限 {seen}：应大于 0",
    "{seen} is not a rounding: one of {accepted}": "{seen} 不是取整方式：应为 {accepted} 之一",
    "rounding to {seen}: a step above 0, an int or a Fraction, is expected": "取整到 {seen}：应为大于 0 的整数或分数",
    "year {year} comes to {seen}: an amount owed is 0 or more; a floor of {zero} would keep it there": (
        "第 {year} 年算得 {seen}：应付金额不得为负；可用 floor 保底 {zero}"
    ),
    "the total is out of range: a total stays below 2⁶³ of the smallest unit": "总额超出范围：以最小单位计须小于 2⁶³",
    "a lag of {seen} years: whole years, 0 or more, are accepted": "滞后 {seen} 年：应为不小于 0 的整年数",
    "{name}: {seen} is not a year": "{name}：{seen} 不是年份",
    "an instalment of {seen}: an int or a Fraction is expected": "分期 {seen}：应为整数或分数",
    "payments cannot be rounded to parts of the smallest unit: {seen} is given": "付款不能取整到最小单位以下：给出的是 {seen}",
    # refusals of the calendar
    "a term needs its years or its last day": "期限应写明年数或最后一天",
    "a term needs its years or its last day: 'years' or 'end' is expected": "期限应写明年数 years 或最后一天 end",
    "{seen} years: a term has 1 to 200 years": "{seen} 年：期限应为 1 至 200 年",
    "{seen} is out of range: years 1 to 9998 are accepted": "{seen} 超出范围：年份应为 1 至 9998",
    "{years} years from {start} end on {last}, not on {seen}: give one of the two": (
        "自 {start} 起 {years} 年到 {last} 为止，不是 {seen}：二者写一个即可"
    ),
    "a term from {start} to {end}: its end lies before its start": "期限 {start} 至 {end}：结束早于开始",
    "{start} to {end} is {years} full years: there is no stub": "{start} 至 {end} 是 {years} 个整年：没有零头期",
    "{start} to {end} is {years} full years and a part: stub = 'short back', 'long back', 'short front' or "
    "'long front' is expected": (
        "{start} 至 {end} 是 {years} 个整年加零头：应写 stub = '后短'、'后长'、'前短' 或 '前长'"
    ),
    "years counted from {anchor}: leap_day = '28 Feb' or '1 Mar' is expected": (
        "自 {anchor} 起计年：应写 leap_day = '2月28日' 或 '3月1日'"
    ),
    "29 February does not occur in {year}: leap_day = '28 Feb' or '1 Mar' is expected": (
        "{year} 年没有 2 月 29 日：应写 leap_day = '2月28日' 或 '3月1日'"
    ),
    "holidays go with an adjustment: one of {accepted}": "节假日 holidays 须与顺延方式同用：{accepted} 之一",
    "{seen} is not a day: write it as 2014-01-01": "{seen} 不是日期：应写成 2014-01-01",
    "{seen} is not a due date: 'last day', 'first day', '12-31', 'next 03-31' or '30 days after' is expected": (
        "{seen} 不是应付日：可写 '期末'、'期初'、'12月31日'、'次年3月31日' 或 '30天后'"
    ),
    # refusals of plans
    "{seen}: one of {accepted} is accepted": "{seen}：应为 {accepted} 之一",
    "{seen} is unknown: did you mean {likely}?": "{seen} 不认识：是否应为 {likely}？",
    "{seen} is unknown: one of {known} is accepted": "{seen} 不认识：应为 {known} 之一",
    "{seen} is unknown: there are none": "{seen} 不认识：这里没有可选的",
    "a stream needs either an amount, or a rate and a quantity": "收益项应写明 amount，或 rate 与 quantity",
    "{seen} roundings: one of the unit price and one of the payments are accepted": (
        "{seen} 处取整：单价一处、付款一处"
    ),
    "rounding the unit price needs a rate and a quantity": "对单价取整需要 rate 与 quantity",
    "the instalments {parts} add up to {total}: 100% is expected, or less and one 'rest'": (
        "各次付款 {parts} 合计 {total}：应为 100%，或不足 100% 另加一个 '其余'"
    ),
    "an empty list: at least one part is expected": "空列表：至少应有一份",
    "part {name} is given twice: once is accepted": "{name} 写了两次：只能写一次",
    "{name} has {share}: a share is 0 or more": "{name} 为 {share}：份额不得为负",
    "{name} has {share}: at most 100% is accepted; proportions are written with their unit, 468 shares": (
        "{name} 为 {share}：不得超过 100%；按比例分时请写单位，例如 468 股"
    ),
    "the parts {parts} add up to {total}: {due} is expected": "各份 {parts} 合计 {total}：应为 {due}",
    "100% or {whole}": "100% 或 {whole}",
    "no holder has shares: at least one is expected": "没有持股人：至少应有一人持股",
    "'per share' goes with the amount a share and the account of the remainder": (
        "按股分配须写明每股金额 per_share 和余额科目 remainder"
    ),
    "holder {number} is listed twice": "股东 {number} 列了两次",
    "holder {number} is listed twice: first in line {line}": "股东 {number} 列了两次：首次在第 {line} 行",
    "{seen} shares: 0 or more are accepted": "{seen} 股：股数不得为负",
    "an empty list: at least one stream is expected": "空列表：至少应有一个收益项",
    "stream {name} is given twice": "收益项 {name} 写了两次",
    "amounts are in {unit} where {currency} is expected": "金额的单位是{unit}，应为{currency}",
    "{stream} has several parts {part}: write the path, outer/inner": "{stream}有几份都叫 {part}：请写路径，外层/内层",
    "plain numbers": "纯数字",
    "rounding of {unit}: a unit price in money is expected": "对{unit}取整：应为以货币计的单价",
    "goods are not split: a claim about a part or a holder is in money": "实物不分成：对某一份或某一股东的核对应以金额计",
    "both parts and holders: what is split into parts goes to holders part by part": "既分成又分户：分成之后应逐份分户",
    "'per share' is an amount a year: it cannot be paid in instalments": "按股分配是每年的金额，不能分次支付",
    "{lists} all have a holder {number}: which? 'stream' or 'part' is expected": "{lists}都有股东 {number}：应写明 stream 或 part",
    "year {year} would settle the rounding with {seen}: another place or mode of rounding is expected": "第 {year} 年须以 {seen} 结清取整差额：应改用别的取整位置或方式",
    "a stub divides the amount of a year, and no lump sum: lump sums are expected in a stream of their own": "零头期按天数分摊年金额，一次性金额不可分摊：应另列一个收益项",
    "year {year} comes to less than no goods": "第 {year} 年的实物数量为负",
    "{message}: 1 kg is 2 jin": "{message}：1 公斤 = 2 斤",
    "{party} is paid and pays: which streams? 'stream' is expected": "{party}既收又付：应写明 stream 指哪些收益项",
    "{seen} has no unit: an amount, or the share of a part in the whole, is expected": "{seen} 没有单位：应为金额，或某一份在总额中的占比",
    "a step every {every} years never happens in {years} years": "每 {every} 年调整一次，在 {years} 年内不会发生",
    "payments cannot be rounded to {seen}: whole steps of {smallest} are accepted": (
        "付款不能取整到 {seen}：应为 {smallest} 的整数倍"
    ),
    "a legal basis is expected, for the term or for the stream": "应写明法律依据 basis（期限或收益项）",
    "year {year}: {stream} pays nothing in it": "{year} 年：{stream}没有付款",
    "a share of nothing: the whole is 0": "总额为 0，无法求占比",
    "{stream} has no known amount for year {year}": "{stream}第 {year} 年的金额未知",
    # refusals of splits
    "carries of {seen}/{of} in sum: 0, and one a holder, is expected": "结转尾差合计 {seen}/{of}：应为 0，且每人一个",
    "a weight of {seen}: a whole number (int), 0 or more, is expected": "权重 {seen}：应为不小于 0 的整数",
    "no weights: at least one holder with a positive weight is needed": "没有权重：至少应有一人权重为正",
    "a sum of {seen} fen: a whole number (int), 0 or more, is expected": "金额 {seen} 分：应为不小于 0 的整数",
    "{seen}: an int or a Fraction, 0 or more, is expected": "{seen}：应为不小于 0 的整数或分数",
    # refusals of files
    "{problems}": "{problems}",
    "{key} is missing": "缺少 {key}",
    "{seen} where {expected} is expected": "{seen}：此处应为{expected}",
    "{seen} where a table is expected": "{seen}：此处应为表",
    "a text": "文本",
    "a list of texts": "文本列表",
    "a whole number": "整数",
    "a day (2014-01-01)": "日期（2014-01-01）",
    "a list of days": "日期列表",
    "an amount ('160 yuan/mu')": "数量（'160 元/亩'）",
    "a list of amounts": "数量列表",
    "an amount or a table": "数量或表",
    "a list of amounts or tables": "数量或表的列表",
    "a list of years ([1, 2, '5-7'])": "年份列表（[1, 2, '5-7']）",
    "a table from years to amounts": "年份到数量的表",
    "a table": "表",
    "a list of tables": "表的列表",
    "{seen} is not a year: a contract year (1) or a calendar year (2014) is expected": (
        "{seen} 不是年份：应为合同年（1）或公历年（2014）"
    ),
    "{seen} is not a year: 7 or '7-9' is accepted": "{seen} 不是年份：可写 7 或 '7-9'",
    "{seen}: exactly one of {accepted} is expected": "{seen}：应恰有 {accepted} 之一",
    "{seen}: one way to grow is accepted": "{seen}：只能有一种增长方式",
    "goes with {needed}, which is not here": "须与 {needed} 同用，此处没有",
    "'prices' is expected: the name of a series": "应写明 prices：价格数列的名称",
    "'of' is expected: of which series or schedule": "应写明 of：取自哪个数列或哪一项",
    "{seen} schedules: 2 are expected": "{seen} 项：应为 2 项",
    "{seen}: one way to read the figure is accepted": "{seen}：只能有一种读法",
    "{seen}: more than 0 is expected": "{seen}：应大于 0",
    "a step above 0 in {unit} is expected": "应为大于 0 的{unit}数",
    "either a 'file' or a 'list' of holders is expected": "应写明股东文件 file 或名单 list，二者取一",
    "not valid TOML: {reason}": "不是有效的 TOML：{reason}",
    "{message}; a key that is not ASCII stands in quotation marks": "{message}；中文的键须加引号",
    "the file is empty: a plan has a title, a term and streams": "文件是空的：方案应有 title、term 和 streams",
    "cannot be read: {reason}": "无法读取：{reason}",
    "tables within tables: at most {most}": "表的嵌套过深：至多 {most} 层",
    "a whole number out of range: below 10¹⁵ is accepted": "整数超出范围：须小于 10¹⁵",
    "{seen}: 0 or more is expected": "{seen}：不得为负",
    "'per share' is a policy of holders, not of parts": "按股分配用于股东，不用于分成",
    "the file is larger than 64 MiB": "文件超过 64 MiB",
    "the file is in UTF-16: save it as UTF-8": "文件是 UTF-16 编码：请另存为 UTF-8",
    "begins with a byte-order mark, which is read over": "文件开头有字节顺序标记（BOM），已略过",
    "the byte {seen} is not UTF-8: save the file as UTF-8": "字节 {seen} 不是 UTF-8：请将文件另存为 UTF-8",
    "the byte {seen} is not UTF-8, it looks like GBK: save the file as UTF-8": (
        "字节 {seen} 不是 UTF-8，像是 GBK：请将文件另存为 UTF-8"
    ),
    "the file is empty: a line number,name,shares and holders are expected": "文件是空的：应有表头 编号,姓名,股份 和股东",
    "column {column}": "列 {column}",
    "{seen} columns {column}: one is expected": "{column} 列有 {seen} 个：应有一个",
    "{seen} cells where {due} are expected: a number with thousands separators stands in quotation marks": (
        "有 {seen} 格，应为 {due} 格：带千位分隔符的数字须加引号"
    ),
    "empty: a holder's number is expected": "空白：应有股东编号",
    "not a CSV line: {reason}": "不是有效的 CSV 行：{reason}",
}
