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

	RefusedLeg            = "leg_unknown"
	RefusedRequest        = "request_unknown"
	RefusedSupervision    = "supervision_unknown"
	RefusedCard           = "card_not_standing"
	RefusedNotYourUnit    = "not_your_unit"
	RefusedNotLead        = "not_lead"
	RefusedUnitMissing    = "unit_missing"
	RefusedUnitUnknown    = "unit_not_first_level"
	RefusedUnitBelow      = "unit_not_below"
	RefusedUnitTwice      = "unit_twice"
	RefusedDue            = "limit_out_of_range"
	RefusedOffCatalogue   = "off_catalogue"
	RefusedSigned         = "already_signed"
	RefusedWaitsForWriter = "waits_for_writer"
	RefusedIsMaster       = "is_master"
	RefusedMasterThere    = "master_goes_on"
	RefusedUnanswered     = "legs_unanswered"
	RefusedReturnsOver    = "returns_used_up"
	RefusedNoReturn       = "no_return"
	RefusedReturnLate     = "return_limit_passed"
	RefusedLeaderSigns    = "leader_signs_return"
	RefusedUntil          = "until_not_to_come"
	RefusedNotYet         = "not_yet"
	RefusedTold           = "done_already"
	RefusedPublic         = "public_reply_missing"
	RefusedVisitWanted    = "visit_wanted"
	RefusedSupervised     = "supervised"
	RefusedUnreasonable   = "unreasonable"
	RefusedReworks        = "reworks_used_up"
	RefusedBelowLimit     = "below_limit"
	RefusedProof          = "proof_missing"
	RefusedBasis          = "basis_missing"
	RefusedPlan           = "plan_missing"
	RefusedSamePerson     = "same_person"
	RefusedReopenLate     = "reopen_too_late"
	RefusedRequestOpen    = "request_open"
	RefusedOutcome        = "outcome_missing"
	RefusedVisit          = "visit_missing"
	RefusedVisitProof     = "visit_without_call"
	RefusedDiscontent     = "dissatisfied"
	RefusedContent        = "not_dissatisfied"
	RefusedOthersToVisit  = "others_to_visit"
	RefusedTries          = "tries_missing"
	RefusedLinkOpen       = "link_open"
	RefusedLowerLevel     = "lower_level"
	RefusedFirstLevel     = "first_level"
	RefusedLastLevel      = "last_level"
	RefusedNothingBelow   = "nothing_below"
	RefusedOpenBelow      = "open_below"
	RefusedHeadSigns      = "head_signs"
	RefusedNoApproval     = "no_approval_wanted"
	RefusedApproval       = "approval_wanted"
	RefusedPastDue        = "past_due"
	RefusedExtensions     = "extensions_used_up"
	RefusedDays           = "days_out_of_range"
	RefusedNotCritical    = "not_critical"
	RefusedForm           = "form_incomplete"
	RefusedContactRecord  = "contact_record_missing"
	RefusedAssists        = "assists_in_time"
	RefusedExcluded       = "excluded"
	RefusedAskedInTime    = "asked_in_time"
	RefusedDecider        = "not_yours_to_decide"
	RefusedNotAsker       = "not_asked_by_you"
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

	RefusedLeg:            "没有这个承办环节",
	RefusedRequest:        "没有这项申请",
	RefusedSupervision:    "没有这项督办",
	RefusedCard:           "没有这张生效的牌",
	RefusedNotYourUnit:    "不属于您的单位承办",
	RefusedNotLead:        "只有主办单位可以进行此操作",
	RefusedUnitMissing:    "请选择承办单位",
	RefusedUnitUnknown:    "请选择有效的一级承办单位",
	RefusedUnitBelow:      "只能交办给本单位的下级单位",
	RefusedUnitTwice:      "该单位已在承办",
	RefusedDue:            "办理时限超出允许范围",
	RefusedOffCatalogue:   "与派单目录不一致，请说明理由",
	RefusedSigned:         "已有单位签收，不能进行此操作",
	RefusedWaitsForWriter: "工单由坐席补充，不能逾期关闭",
	RefusedIsMaster:       "已有工单并入本单，不能再并单",
	RefusedMasterThere:    "主单尚未结束",
	RefusedUnanswered:     "承办单位尚未全部反馈",
	RefusedReturnsOver:    "退单次数已达上限，请报疑难会商",
	RefusedNoReturn:       "会商已定责，不能退单",
	RefusedReturnLate:     "已过回退截止，只能由领导申请退单",
	RefusedLeaderSigns:    "本单位退单须由领导签发",
	RefusedUntil:          "请选择今后的日期",
	RefusedNotYet:         "时间未到",
	RefusedTold:           "已处理，不必重复",
	RefusedPublic:         "请填写公开答复",
	RefusedVisitWanted:    "群众可联系，须回访后办结",
	RefusedSupervised:     "督办尚未办结",
	RefusedUnreasonable:   "已认定为不合理诉求，不再重办",
	RefusedReworks:        "重办次数已达上限",
	RefusedBelowLimit:     "重办次数未达上限，请填写政策依据",
	RefusedProof:          "请填写撤诉凭据",
	RefusedBasis:          "请填写依据",
	RefusedPlan:           "请填写工作计划",
	RefusedSamePerson:     "须由另一人决定",
	RefusedReopenLate:     "已过申请重开的期限",
	RefusedRequestOpen:    "已有待决定的申请",
	RefusedOutcome:        "请选择会商结论",
	RefusedVisit:          "请填写回访结果",
	RefusedVisitProof:     "回访须关联通话或短信",
	RefusedDiscontent:     "群众未解决或不满意，不能办结",
	RefusedContent:        "群众没有不满意，不能重办",
	RefusedOthersToVisit:  "还有并单群众未回访",
	RefusedTries:          "须在不同半天联系三次以上",
	RefusedLinkOpen:       "回访链接仍在有效期内",
	RefusedLowerLevel:     "下级单位不能进行此操作",
	RefusedFirstLevel:     "一级单位不能进行此操作",
	RefusedLastLevel:      "末级单位不能再交办",
	RefusedNothingBelow:   "没有可操作的下级环节",
	RefusedOpenBelow:      "下级单位尚未办理完毕",
	RefusedHeadSigns:      "重件须由主要领导审核",
	RefusedNoApproval:     "本单位答复不须领导审核",
	RefusedApproval:       "本单位答复须提交领导审核",
	RefusedPastDue:        "已超期，不能申请",
	RefusedExtensions:     "延期次数已达上限",
	RefusedDays:           "延期天数超出允许范围",
	RefusedNotCritical:    "不是特急工单",
	RefusedForm:           "答复表未填完整",
	RefusedContactRecord:  "请先联系群众，或写明未联系原因",
	RefusedAssists:        "协办单位尚在期限内，未反馈",
	RefusedExcluded:       "已不纳入考核",
	RefusedAskedInTime:    "期限内已申请，待决定",
	RefusedDecider:        "该申请不由您决定",
	RefusedNotAsker:       "只能撤回本人或本单位的申请",
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
