package asterisk_test

import (
	"testing"

	"github.com/open12345/hotline/cti/switchtest"
)

func TestConformanceOfTheRealSwitch(t *testing.T) {
	switchtest.Conformance(t, startLab(t, nil))
}
