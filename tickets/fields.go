package tickets

import (
	"strings"
	"unicode/utf8"

	"github.com/open12345/hotline/tickets/privacy"
)

// Fields is a change of a ticket's fields; nil leaves a field as it is. Its JSON is the body
// of an autosave.
type Fields struct {
	Type         *Type        `json:"type,omitempty"`
	Title        *string      `json:"title,omitempty"`
	Content      *string      `json:"content,omitempty"`
	Answer       *string      `json:"answer,omitempty"`
	Urgency      *Urgency     `json:"urgency,omitempty"`
	Source       *Source      `json:"source,omitempty"`
	External     *ExternalRef `json:"external_ref,omitempty"`
	Secret       *bool        `json:"secret,omitempty"`
	Caller       *CallerPatch `json:"caller,omitempty"`
	Place        *Place       `json:"place,omitempty"`
	HappenedAt   *string      `json:"happened_at,omitempty"`
	ClassID      *string      `json:"class_id,omitempty"`
	Subject      *SubjectText `json:"subject,omitempty"`
	NeedReply    *bool        `json:"need_reply,omitempty"`
	NeedFollowUp *bool        `json:"need_follow_up,omitempty"`
	Tags         *[]string    `json:"tags,omitempty"`
}

// CallerPatch is a change of the citizen's fields. The number called from is no field: it
// comes with the call.
type CallerPatch struct {
	Name        *string     `json:"name,omitempty"`
	Gender      *string     `json:"gender,omitempty"`
	Kind        *CallerKind `json:"kind,omitempty"`
	Company     *string     `json:"company,omitempty"`
	Phone       *string     `json:"phone,omitempty"` // contact number
	ContactSame *bool       `json:"contact_same_as_caller,omitempty"`
	Email       *string     `json:"email,omitempty"`
}

// SubjectText is who the matter is about, as typed.
type SubjectText struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// Longest texts in characters.
const (
	MaxTitle   = 100
	MaxContent = 20000
	maxShort   = 200
	maxTags    = 20
)

func (f Fields) check() *Refusal {
	if f.Type != nil && !known(Types, string(*f.Type)) && *f.Type != "" {
		return refuse(RefusedValue, "来电类别")
	}
	if f.Urgency != nil && !known(Urgencies, string(*f.Urgency)) {
		return refuse(RefusedValue, "紧急程度")
	}
	if f.Source != nil && !known(Sources, string(*f.Source)) {
		return refuse(RefusedValue, "受理渠道")
	}
	long := []struct {
		label string
		text  *string
		max   int
	}{
		{"标题", f.Title, MaxTitle}, {"主要内容", f.Content, MaxContent}, {"答复内容", f.Answer, MaxContent},
		{"发生时间", f.HappenedAt, maxShort}, {"问题分类", f.ClassID, maxShort},
	}
	for _, l := range long {
		if l.text != nil && utf8.RuneCountInString(*l.text) > l.max {
			return refuse(RefusedTooLong, l.label)
		}
	}
	if f.Place != nil && (utf8.RuneCountInString(f.Place.Address) > maxShort || len(f.Place.Area) > 6) {
		return refuse(RefusedTooLong, "事发地")
	}
	if f.Tags != nil && len(*f.Tags) > maxTags {
		return refuse(RefusedTooLong, "标签")
	}
	if f.Subject != nil && utf8.RuneCountInString(f.Subject.Name) > maxShort {
		return refuse(RefusedTooLong, "被反映人")
	}
	if f.Caller != nil {
		return f.Caller.check()
	}
	return nil
}

func (c CallerPatch) check() *Refusal {
	if c.Kind != nil && *c.Kind != Person && *c.Kind != Enterprise {
		return refuse(RefusedValue, "来电主体")
	}
	if c.Gender != nil && *c.Gender != "" && *c.Gender != "male" && *c.Gender != "female" {
		return refuse(RefusedValue, "性别")
	}
	for label, text := range map[string]*string{"姓名": c.Name, "公司名称": c.Company, "邮箱": c.Email, "联系方式": c.Phone} {
		if text != nil && utf8.RuneCountInString(*text) > maxShort {
			return refuse(RefusedTooLong, label)
		}
	}
	if c.Email != nil && *c.Email != "" && !strings.Contains(*c.Email, "@") {
		return refuse(RefusedValue, "邮箱")
	}
	return nil
}

// apply puts the change into the ticket. 举报 switches 保密 on, unless the change says otherwise.
func (f Fields) apply(t *Ticket, classPath []string) {
	if f.Type != nil && *f.Type != t.Type {
		t.Type = *f.Type
		if t.Type == Report && f.Secret == nil {
			t.Secret = true
		}
	}
	set(&t.Title, f.Title)
	set(&t.Content, f.Content)
	set(&t.Answer, f.Answer)
	set(&t.Urgency, f.Urgency)
	set(&t.External, f.External)
	set(&t.Secret, f.Secret)
	set(&t.Place, f.Place)
	set(&t.HappenedAt, f.HappenedAt)
	set(&t.NeedReply, f.NeedReply)
	set(&t.NeedFollowUp, f.NeedFollowUp)
	set(&t.Tags, f.Tags)
	if f.Source != nil && t.Source != SourcePhone && *f.Source != SourcePhone {
		t.Source = *f.Source // a telephone ticket stays one, and no other becomes one
	}
	if f.ClassID != nil {
		t.ClassID, t.ClassPath = *f.ClassID, classPath
	}
	if f.Subject != nil {
		t.Subject = Subject{Name: f.Subject.Name, Phone: privacy.Normalize(f.Subject.Phone)}
	}
	if f.Caller != nil {
		f.Caller.apply(&t.Caller)
	}
}

func (c CallerPatch) apply(caller *Caller) {
	set(&caller.Name, c.Name)
	set(&caller.Gender, c.Gender)
	set(&caller.Kind, c.Kind)
	set(&caller.Company, c.Company)
	set(&caller.Email, c.Email)
	set(&caller.ContactSame, c.ContactSame)
	if c.Phone != nil {
		caller.Contact = privacy.Normalize(*c.Phone)
	}
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
