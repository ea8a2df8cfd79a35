package message_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/configs/notices"
	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/message"
)

func TestTheShippedTemplatesAreSound(t *testing.T) {
	book, err := message.ParseBook(notices.Templates)
	require.NoError(t, err)
	for _, kind := range tickets.NoticeKinds {
		_, citizen := book.Template(message.ToCitizen, kind)
		_, staff := book.Template(message.ToStaff, kind)
		require.True(t, citizen || staff, "%s has no words", kind)
	}
}

func TestCitizensNeverReadAnInnerWord(t *testing.T) {
	book, err := message.ParseBook(notices.Templates)
	require.NoError(t, err)
	for kind, template := range book.Citizen {
		for _, state := range append(tickets.States, tickets.LegStates...) {
			if state.Code == string(tickets.Closed) { // 已办结 is what citizens are told too
				continue
			}
			require.NotContains(t, template.Text, state.Label, kind)
		}
	}
}

func TestWordsAreFilledIn(t *testing.T) {
	book := message.Book{}.With(message.ToStaff, "new_leg", message.Template{Title: "待签收", Text: "工单{number}[，请于{due}前答复]。[意见：{opinion}]", SMS: true})
	for name, tc := range map[string]struct {
		vars map[string]string
		want string
	}{
		"all known":                  {map[string]string{"number": "1", "due": "12月1日", "opinion": "速办"}, "工单1，请于12月1日前答复。意见：速办"},
		"a bracket without its word": {map[string]string{"number": "1"}, "工单1。"},
		"braces in a value stay":     {map[string]string{"number": "{due}"}, "工单{due}。"},
	} {
		words, ok := book.Fill(message.ToStaff, "new_leg", tc.vars)
		require.True(t, ok, name)
		require.Equal(t, message.Filled{Title: "待签收", Text: tc.want, SMS: true}, words, name)
	}
	_, ok := book.Fill(message.ToCitizen, "new_leg", nil)
	require.False(t, ok, "citizens are not told of it")
}

func TestATemplateIsRefusedWithItsFault(t *testing.T) {
	for name, tc := range map[string]struct {
		audience message.Audience
		text     string
		want     string
	}{
		"empty":             {message.ToStaff, " ", "内容为空"},
		"too long":          {message.ToStaff, strings.Repeat("长", 401), "400"},
		"an unknown word":   {message.ToStaff, "{nummer}", "{nummer}"},
		"an inner word":     {message.ToCitizen, "您的工单已挂起", "挂起"},
		"fine to staff":     {message.ToStaff, "工单已挂起", ""},
		"fine to a citizen": {message.ToCitizen, "您的诉求{number}已受理", ""},
	} {
		err := message.Template{Text: tc.text}.Check(tc.audience)
		if tc.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, message.ErrBadTemplate, name)
		require.ErrorContains(t, err, tc.want, name)
	}
}
