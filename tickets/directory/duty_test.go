package directory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets/directory"
)

func TestTheDutyPhoneFollowsTheRota(t *testing.T) {
	rota := directory.Rota{
		Phone: "05940001",
		Weekly: []directory.Turn{
			{Days: []int{1, 2, 3, 4, 5}, From: "08:30", To: "17:30", Name: "白班", Phone: "05940002"},
			{Days: []int{5}, From: "20:00", To: "06:00", Name: "周五夜班", Phone: "05940003"},
		},
		Dates: []directory.Turn{{Date: "2026-10-01", Name: "国庆值班", Phone: "05940004"}},
	}
	require.NoError(t, rota.Validate())
	for at, want := range map[string][2]string{
		"2026-11-25 09:00": {"05940002", "白班"},
		"2026-11-25 17:30": {"05940001", ""},
		"2026-11-27 23:00": {"05940003", "周五夜班"},
		"2026-11-28 05:59": {"05940003", "周五夜班"},
		"2026-11-28 06:00": {"05940001", ""},
		"2026-10-01 09:00": {"05940004", "国庆值班"},
	} {
		now, err := time.Parse("2006-01-02 15:04", at)
		require.NoError(t, err)
		phone, name := rota.On(now)
		require.Equal(t, want, [2]string{phone, name}, at)
	}
}

func TestABadRotaIsNamedByItsTurn(t *testing.T) {
	for name, tc := range map[string]struct {
		rota directory.Rota
		want string
	}{
		"letters in the number": {directory.Rota{Phone: "abc"}, "abc"},
		"no day":                {directory.Rota{Weekly: []directory.Turn{{Phone: "05940001"}}}, "第 1 条"},
		"a day that isn't":      {directory.Rota{Weekly: []directory.Turn{{Days: []int{8}, Phone: "05940001"}}}, "星期"},
		"half a time":           {directory.Rota{Weekly: []directory.Turn{{Days: []int{1}, From: "08:00", Phone: "05940001"}}}, "08:30"},
		"no date":               {directory.Rota{Dates: []directory.Turn{{Date: "2026-13-01", Phone: "05940001"}}}, "2026-13-01"},
	} {
		err := tc.rota.Validate()
		require.ErrorIs(t, err, directory.ErrInvalid, name)
		require.ErrorContains(t, err, tc.want, name)
	}
}

func TestAPrefixIsACheckNotAnIdentification(t *testing.T) {
	prefixes := directory.Prefixes{"市直": "pt-", "仙游": "xy-", "秀屿": "xy-"}
	require.NoError(t, prefixes.Check("仙游", "xy-jyj"))
	require.NoError(t, prefixes.Check("秀屿", "xy-jyj"), "two districts share it")
	require.ErrorContains(t, prefixes.Check("市直", "xy-jyj"), "pt-")
	require.ErrorIs(t, prefixes.Check("市直", "pt-"), directory.ErrInvalid, "the prefix alone is no name")
	require.NoError(t, prefixes.Check("", "any"), "a district without a rule")
}
