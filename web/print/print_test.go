package print_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
	"github.com/open12345/hotline/web/print"
)

var house = print.House{Name: "和宁市12345热线", Zone: time.FixedZone("CST", 8*3600)}

// paper is a ticket with what every form shows; its words are hostile and rare.
func paper(number string) service.Printout {
	at := time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	due := at.AddDate(0, 0, 7)
	return service.Printout{
		Place: "和宁市 和平区 建设路8号", By: "派单员", At: at, Units: map[string]string{"": "", "xxb": "市信息办"},
		Ticket: service.TicketView{
			ID: number, Number: number, Title: "网上办事平台登录不上", StateLabel: "已转办",
			Content: "申请人姓名为𠮷田，系统提示 <script>alert('脚本')</script> 无效😀", ClassPath: []string{"政务服务", "网上办事平台"},
			Caller: service.CallerView{Name: "𠮷先生", PhoneMasked: "138****5678"}, SubmittedAt: at,
			Supervisions: []service.SupervisionView{{KindLabel: "书面督办", Unit: service.UnitRef{Name: "市信息办"}, Demand: "三日内办结", DueAt: due}},
			Flow: []service.FlowView{{
				Seq: 1, At: at, ActorName: "经办员", Unit: "xxb", EventLabel: "办理", Opinion: "已修复",
				Data: tickets.StepData{DueAt: &due, Reply: &tickets.Reply{Answer: "问题已解决", Handling: "重启认证服务"}},
			}},
		},
		Legs: []service.LegView{{Role: tickets.Lead, Level: 1, Unit: service.UnitRef{Name: "市信息办"}, SentAt: at, DueAt: due, Opinion: "请核实"}},
	}
}

// printed sets the form and reads the PDF's text back.
func printed(t *testing.T, form print.Form, outs ...service.Printout) (text, fonts string) {
	page, err := house.Page(form, outs)
	require.NoError(t, err)
	chromium, err := print.NewChromium("")
	require.NoError(t, err)
	pdf, err := chromium.PDF(t.Context(), page)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "out.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	require.NoError(t, err)
	list, err := exec.CommandContext(t.Context(), "pdffonts", file).Output()
	require.NoError(t, err)
	size, err := exec.CommandContext(t.Context(), "pdfinfo", file).Output()
	require.NoError(t, err)
	require.Contains(t, string(size), "A4")
	return strings.Join(strings.Fields(string(out)), ""), string(list)
}

func TestPapersSayWhatTheTicketSays(t *testing.T) {
	for form, wants := range map[print.Form][]string{
		print.Intake:      {"受理单", "26112400001", "网上办事平台登录不上", "𠮷田", "<script>", "138****5678", "拟办意见", "2026-11-2409:30"},
		print.DispatchOf:  {"派单", "市信息办", "请核实", "2026-12-01", "领导批示"},
		print.Supervision: {"督办单", "书面督办", "三日内办结"},
		print.Flow:        {"流转明细", "经办员", "市信息办", "已修复", "问题已解决", "重启认证服务"},
	} {
		t.Run(string(form), func(t *testing.T) {
			text, fonts := printed(t, form, paper("261124000018"))
			for _, want := range wants {
				require.Contains(t, text, strings.ReplaceAll(want, " ", ""))
			}
			for _, line := range strings.Split(strings.TrimSpace(fonts), "\n")[2:] {
				columns := strings.Fields(line)
				require.Equal(t, "yes", columns[len(columns)-5], "font embedded: %s", line)
			}
		})
	}
}

func TestABatchBeginsEachPaperOnANewSheet(t *testing.T) {
	page, err := house.Page(print.Intake, []service.Printout{paper("261124000018"), paper("261124000026")})
	require.NoError(t, err)
	chromium, err := print.NewChromium("")
	require.NoError(t, err)
	pdf, err := chromium.PDF(t.Context(), page)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "out.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	for sheet, number := range map[string]string{"1": "000018", "2": "000026"} {
		out, err := exec.CommandContext(t.Context(), "pdftotext", "-f", sheet, "-l", sheet, file, "-").Output()
		require.NoError(t, err)
		require.Contains(t, strings.Join(strings.Fields(string(out)), ""), number)
	}
}

func TestAnUnknownFormIsNamed(t *testing.T) {
	_, err := house.Page("receipt", []service.Printout{paper("261124000018")})
	require.ErrorIs(t, err, print.ErrNoForm)
	require.ErrorContains(t, err, "receipt")
}

func TestAMachineWithoutChromiumSaysWhatToInstall(t *testing.T) {
	_, err := print.NewChromium("/nowhere/chromium")
	require.ErrorIs(t, err, print.ErrNoPrinter)
}
