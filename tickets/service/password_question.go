package service

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/open12345/hotline/tickets/directory"
	"github.com/open12345/hotline/tickets/privacy"
)

// The security question is weak by today's rules: a wrong answer counts, few lock it for long,
// and nothing tells an account without one from one that isn't there.
const (
	answersBeforeLock = 3
	answerLock        = time.Hour
)

// usualQuestions are shown for accounts that have none, the same one each time.
var usualQuestions = []string{"您的出生地是？", "您就读的小学名称是？", "您母亲的姓名是？"}

// ErrBadAnswer is a wrong answer, an account without a question, or one whose question is locked:
// not told apart.
var ErrBadAnswer = errors.New("the answer does not fit")

// normalAnswer is how an answer is compared: without spaces and capitals.
func normalAnswer(answer string) string {
	return strings.ToLower(strings.Join(strings.Fields(answer), ""))
}

func (s *Service) setQuestion(ctx context.Context, account, question, answer string) error {
	question = strings.TrimSpace(question)
	if question == "" || normalAnswer(answer) == "" || utf8.RuneCountInString(question) > 100 {
		return fmt.Errorf("%w: 取回密码的问题和答案须一并填写", directory.ErrInvalid)
	}
	// An answer may be short; the account's name makes it a text of a password's length.
	hash, err := directory.HashPassword("answer of " + account + ": " + normalAnswer(answer))
	if err != nil {
		return err
	}
	return s.store.TryAnswer(ctx, account, func(q SecurityQuestion) (SecurityQuestion, error) {
		q.Text, q.AnswerHash, q.Failures, q.LockedUntil = question, hash, 0, time.Time{}
		return q, nil
	})
}

// SecurityQuestionOf is what is asked of an account that forgot its password.
func (s *Service) SecurityQuestionOf(ctx context.Context, account string) (string, error) {
	x, err := s.store.PersonExtras(ctx, account)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", fmt.Errorf("read security question: %w", err)
	}
	if err == nil && x.Answered {
		return x.Question, nil
	}
	pick := s.keys.Digest("question", account)[0]
	return usualQuestions[int(pick)%len(usualQuestions)], nil
}

// ResetByQuestion sets a new password for the right answer and ends the account's sessions.
// ErrBadAnswer, directory.ErrWeakPassword.
func (s *Service) ResetByQuestion(ctx context.Context, account, answer, fresh, remote string) error {
	if _, err := directory.HashPassword(fresh); err != nil {
		return err
	}
	now := s.clock()
	err := s.store.TryAnswer(ctx, account, func(q SecurityQuestion) (SecurityQuestion, error) {
		if q.AnswerHash == "" || q.Disabled || now.Before(q.LockedUntil) {
			_ = directory.SpendPasswordTime(answer)
			return q, ErrBadAnswer
		}
		err := directory.CheckPassword("answer of "+account+": "+normalAnswer(answer), q.AnswerHash)
		if errors.Is(err, directory.ErrBadPassword) {
			if q.Failures++; q.Failures >= answersBeforeLock {
				q.Failures, q.LockedUntil = 0, now.Add(answerLock)
			}
			return q, ErrBadAnswer
		}
		q.Failures = 0
		return q, err
	})
	who := Identity{Account: account, Remote: remote}
	switch {
	case errors.Is(err, ErrNotFound):
		_ = directory.SpendPasswordTime(answer)
		return ErrBadAnswer
	case errors.Is(err, ErrBadAnswer):
		return errors.Join(err, s.Audit(ctx, who, "password.question_failed", account, ""))
	case err != nil:
		return fmt.Errorf("reset password: %w", err)
	}
	return s.setPassword(ctx, who, account, fresh)
}

// ProfileView is 个人信息.
type ProfileView struct {
	Account  string   `json:"account"`
	Name     string   `json:"name"`
	Unit     *UnitRef `json:"unit,omitempty"`
	Mobile   string   `json:"mobile"` // one's own, in full
	Email    string   `json:"email"`
	Quota    int      `json:"quota"`
	Question string   `json:"question,omitempty"`
}

// ProfileChange is a change of one's own; nil leaves a field as it is. A question needs its answer
// and the password.
type ProfileChange struct {
	Mobile   *string `json:"mobile,omitempty" maxLength:"24"`
	Email    *string `json:"email,omitempty" maxLength:"100"`
	Question string  `json:"question,omitempty" maxLength:"100"`
	Answer   string  `json:"answer,omitempty" maxLength:"100"`
	Password string  `json:"password,omitempty" maxLength:"200"`
}

// Profile is the asker's own 个人信息.
func (s *Service) Profile(ctx context.Context, who Identity) (ProfileView, error) {
	a, err := s.store.Account(ctx, who.Account)
	if err != nil {
		return ProfileView{}, fmt.Errorf("read profile: %w", err)
	}
	x, err := s.store.PersonExtras(ctx, who.Account)
	if err != nil {
		return ProfileView{}, err
	}
	return ProfileView{Account: a.Name, Name: a.PersonName, Unit: who.Unit, Mobile: a.Mobile, Email: x.Email, Quota: x.Quota, Question: x.Question}, nil
}

// SaveProfile changes the asker's own. directory.ErrInvalid, directory.ErrBadPassword.
func (s *Service) SaveProfile(ctx context.Context, who Identity, in ProfileChange) error {
	if in.Question != "" || in.Answer != "" {
		a, err := s.store.Account(ctx, who.Account)
		if err != nil {
			return fmt.Errorf("save profile: %w", err)
		}
		if err := directory.CheckPassword(in.Password, a.PasswordHash); err != nil {
			return err
		}
		if err := s.setQuestion(ctx, who.Account, in.Question, in.Answer); err != nil {
			return err
		}
	}
	if in.Mobile != nil {
		mobile := privacy.Normalize(*in.Mobile)
		if *in.Mobile != "" && !mobile.Mobile() {
			return fmt.Errorf("%w: 手机号须为 11 位", directory.ErrInvalid)
		}
		err := s.store.UpdateAccount(ctx, who.Account, func(a directory.Account) (directory.Account, error) {
			a.Mobile = mobile.Clear()
			return a, nil
		})
		if err != nil {
			return fmt.Errorf("save profile: %w", err)
		}
	}
	if in.Email != nil {
		x, err := s.store.PersonExtras(ctx, who.Account)
		if err != nil {
			return err
		}
		if x.Email = strings.TrimSpace(*in.Email); x.Email != "" && !strings.Contains(x.Email, "@") {
			return fmt.Errorf("%w: 邮箱", directory.ErrInvalid)
		}
		if err := s.store.SavePersonExtras(ctx, who.Account, x); err != nil {
			return err
		}
	}
	return s.Audit(ctx, who, "account.profile", who.Account, "")
}
