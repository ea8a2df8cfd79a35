package tickets

import "fmt"

// Refusal is an act that is not carried out. Code is stable and translated by the page;
// Detail names what is missing or who is in the way, for the page to add.
type Refusal struct {
	Code   string
	Detail string
}

// Codes of refusals.
const (
	RefusedState       = "wrong_state"
	RefusedRole        = "wrong_role"
	RefusedNotYours    = "not_yours"
	RefusedTaken       = "taken"
	RefusedCall        = "call_not_yours"
	RefusedCallMissing = "call_missing"
	RefusedSource      = "wrong_source"
	RefusedReason      = "reason_missing"
	RefusedAnswer      = "answer_missing"
	RefusedFields      = "fields_missing"
	RefusedContact     = "contact_missing"
	RefusedEmergency   = "not_an_emergency_line"
	RefusedMaster      = "master_not_open"
	RefusedSelf        = "same_ticket"
	RefusedOld         = "old_ticket_not_open"
	RefusedUrgedOnce   = "urged_in_this_call"
	RefusedText        = "text_missing"
	RefusedCatalogue   = "no_single_unit"
	RefusedHandover    = "call_not_transferred"
	RefusedTarget      = "target_missing"
	RefusedValue       = "bad_value"
	RefusedTooLong     = "too_long"
)

var refusalTexts = map[string]string{
	RefusedState:       "工单当前状态不能进行此操作",
	RefusedRole:        "您的角色不能进行此操作",
	RefusedNotYours:    "工单不在您手中",
	RefusedTaken:       "工单已被他人领取",
	RefusedCall:        "该通话不属于您的坐席",
	RefusedCallMissing: "电话工单必须关联通话",
	RefusedSource:      "受理渠道不适用此操作",
	RefusedReason:      "请填写原因",
	RefusedAnswer:      "请填写答复内容",
	RefusedFields:      "必填项未填写",
	RefusedContact:     "未留联系方式时，时间、地址、起因、经过须完整",
	RefusedEmergency:   "只能转接 110、119、120、122",
	RefusedMaster:      "主单已不在办理中",
	RefusedSelf:        "不能与自身并单",
	RefusedOld:         "原工单已不在办理中",
	RefusedUrgedOnce:   "本次通话已催办过该工单",
	RefusedText:        "请填写内容",
	RefusedCatalogue:   "派单目录没有唯一的承办单位",
	RefusedHandover:    "通话未转给该坐席，请由班长改归属",
	RefusedTarget:      "请选择接收人",
	RefusedValue:       "填写的值无效",
	RefusedTooLong:     "填写的内容过长",
}

func (r *Refusal) Error() string {
	if r.Detail == "" {
		return "refused: " + r.Code
	}
	return fmt.Sprintf("refused: %s (%s)", r.Code, r.Detail)
}

// Text is the refusal in Chinese, fit to show a clerk.
func (r *Refusal) Text() string {
	text, ok := refusalTexts[r.Code]
	if !ok {
		text = r.Code
	}
	if r.Detail != "" {
		text += "：" + r.Detail
	}
	return text
}

func refuse(code, detail string) *Refusal { return &Refusal{Code: code, Detail: detail} }
