package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/cmd/hotline/config"
)

func write(t *testing.T, yaml string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "hotline.yaml")
	require.NoError(t, os.WriteFile(file, []byte(yaml), 0o600))
	return file
}

func TestDefaultsWorkWithoutFileOrVariables(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := config.Load("", nil)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", c.Web.Listen)
	require.Equal(t, "127.0.0.1:5060", c.SIP.Listen)
	require.Equal(t, 10000, c.Switch.RTPStart)
	require.Equal(t, 19999, c.Switch.RTPEnd)
	require.Equal(t, "Asia/Shanghai", c.Location().String())
	require.Equal(t, 15*time.Second, c.Seat.RingTimeout)
}

func TestEnvironmentGoesOverFileGoesOverDefault(t *testing.T) {
	file := write(t, `
demo: false
seat:
  ring_timeout: 20s
sip:
  trunk_match: [192.0.2.1]
switch:
  http_port: 9000
`)
	c, err := config.Load(file, []string{
		"HOTLINE_SWITCH_HTTP_PORT=9100",
		"HOTLINE_SEAT_WRAP_UP=1m",
		"HOTLINE_OUTBOUND_ALLOW=110, 12XXX",
		"HOTLINE_DEMO=true",
		"HOTLINE_CACHE=/elsewhere",
		"HOTLINE_TEST_ANYTHING=1",
		"PATH=/bin",
	})
	require.NoError(t, err)
	require.True(t, c.Demo)
	require.Equal(t, 20*time.Second, c.Seat.RingTimeout)
	require.Equal(t, time.Minute, c.Seat.WrapUp)
	require.Equal(t, 9100, c.Switch.HTTPPort)
	require.Equal(t, []string{"192.0.2.1"}, c.SIP.TrunkMatch)
	require.Equal(t, []string{"110", "12XXX"}, c.Outbound.Allow)
	require.Equal(t, "HOTLINE_SWITCH_HTTP_PORT", c.Source("switch.http_port"))
	require.Equal(t, file+":4", c.Source("seat.ring_timeout"))
	require.Empty(t, c.Source("web.listen"))
}

func TestFaultsNameKeyAndPlace(t *testing.T) {
	for name, tc := range map[string]struct {
		yaml string
		env  []string
		want []string
	}{
		"unknown key":            {yaml: "sip:\n  lisen: x", want: []string{"hotline.yaml:2", "sip.lisen", "did you mean sip.listen?"}},
		"unknown group":          {yaml: "telephone:\n  a: 1", want: []string{"hotline.yaml:1", "telephone", "unknown key"}},
		"text for a number":      {yaml: "switch:\n  http_port: many", want: []string{"hotline.yaml:2", "switch.http_port", "whole number"}},
		"number for a duration":  {yaml: "seat:\n  wrap_up: 30", want: []string{"hotline.yaml:2", "seat.wrap_up", "duration"}},
		"text for a switch":      {yaml: "demo: perhaps", want: []string{"hotline.yaml:1", "demo", "true or false"}},
		"value for a group":      {yaml: "sip: 5060", want: []string{"hotline.yaml:1", "sip", "group of keys"}},
		"broken file":            {yaml: "a: [", want: []string{"hotline.yaml"}},
		"two faults, both named": {yaml: "x: 1\ny: 2", want: []string{"hotline.yaml:1", "hotline.yaml:2"}},
		"unknown variable":       {env: []string{"HOTLINE_SIP_LISTN=x"}, want: []string{"HOTLINE_SIP_LISTN", "did you mean sip.listen?"}},
		"wrong type in variable": {env: []string{"HOTLINE_SWITCH_AMI_PORT=x"}, want: []string{"HOTLINE_SWITCH_AMI_PORT", "switch.ami_port", "whole number"}},
		"impossible zone":        {yaml: "timezone: Mars/Base", want: []string{"hotline.yaml:1", "timezone"}},
		"impossible address":     {env: []string{"HOTLINE_WEB_LISTEN=8080"}, want: []string{"HOTLINE_WEB_LISTEN", "web.listen"}},
		"impossible port":        {yaml: "redis:\n  port: 70000", want: []string{"hotline.yaml:2", "redis.port"}},
		"narrow media range":     {yaml: "switch:\n  rtp_end: 10010", want: []string{"hotline.yaml:2", "switch.rtp_end"}},
		"unknown policy":         {yaml: "security:\n  captcha: sometimes", want: []string{"security.captcha", "always"}},
		"faulty dial pattern":    {yaml: "outbound:\n  allow: ['1[3-9']", want: []string{"hotline.yaml:2", "outbound.allow"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Load(write(t, tc.yaml), tc.env)
			require.Error(t, err)
			for _, part := range tc.want {
				require.ErrorContains(t, err, part)
			}
			var field *config.FieldError
			require.True(t, errors.As(err, &field))
		})
	}
}

func TestAllowListBecomesExpressions(t *testing.T) {
	var expressions []*regexp.Regexp
	for _, e := range config.Default().Outbound.Expressions() {
		expressions = append(expressions, regexp.MustCompile("^(?:"+e+")$"))
	}
	for number, want := range map[string]bool{
		"110": true, "12315": true, "13800138000": true, "02083001234": true, "83001234": true,
		"12800138000": false, "0013800138000": false, "1": false, "": false, "110;x": false,
	} {
		allowed := slices.ContainsFunc(expressions, func(e *regexp.Regexp) bool { return e.MatchString(number) })
		require.Equal(t, want, allowed, "number %q", number)
	}
}

func TestNamedFileMustExist(t *testing.T) {
	_, err := config.Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestPublicGoesOverTheShippedFileWhichNamesEveryDefault(t *testing.T) {
	c, err := config.Load("../../../configs/hotline.yaml", []string{"HOTLINE_PUBLIC=10.1.2.3", "HOTLINE_SIP_LISTEN=127.0.0.1:5060"})
	require.NoError(t, err)
	require.True(t, c.Web.TLS)
	require.Equal(t, "0.0.0.0:8080", c.Web.Listen)
	require.Equal(t, "10.1.2.3", c.SIP.MediaAddress)
	require.Contains(t, c.SIP.TrunkMatch, "10.1.2.0/24")
	require.Equal(t, "127.0.0.1:5060", c.SIP.Listen, "a variable is somebody's decision")
}

func TestPublicOpensInOneGo(t *testing.T) {
	c, err := config.Load(write(t, "public: 192.0.2.7\n"), nil)
	require.NoError(t, err)
	require.True(t, c.Web.TLS)
	require.Equal(t, "0.0.0.0:8080", c.Web.Listen)
	require.Equal(t, "0.0.0.0:5060", c.SIP.Listen)
	require.Equal(t, "192.0.2.7", c.SIP.MediaAddress)
	require.Equal(t, []string{"127.0.0.1/32", "192.0.2.0/24"}, c.SIP.TrunkMatch)

	c, err = config.Load(write(t, "public: 192.0.2.7\nsip:\n  trunk_match: [192.0.2.9]\n"), []string{"HOTLINE_WEB_TLS=false"})
	require.NoError(t, err)
	require.False(t, c.Web.TLS)
	require.Equal(t, []string{"192.0.2.9"}, c.SIP.TrunkMatch)
}

// The shipped file documents every key; it must stay valid and complete.
func TestShippedFileHoldsEveryKeyAtItsDefault(t *testing.T) {
	file := filepath.Join("..", "..", "..", "configs", "hotline.yaml")
	c, err := config.Load(file, nil)
	require.NoError(t, err)
	defaults := config.Default()
	require.Empty(t, differences(reflect.ValueOf(c), reflect.ValueOf(defaults), ""))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, key := range config.Keys() {
		leaf := key[strings.LastIndex(key, ".")+1:]
		require.Contains(t, string(text), leaf+":", "key %s is not documented", key)
	}
}

func differences(a, b reflect.Value, path string) []string {
	var found []string
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Type.Kind() == reflect.Struct {
			found = append(found, differences(a.Field(i), b.Field(i), path+f.Name+".")...)
		} else if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			found = append(found, path+f.Name)
		}
	}
	return found
}
