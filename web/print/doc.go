// Package print makes the hotline's papers: 受理单, 派单, 督办单 and 流转明细 as PDF for A4. Pages are
// HTML made here from one ticket as the asker may see it, and set by a headless Chromium behind
// the Printer interface, so that nothing depends on the reader's browser and its headers; the
// fonts are embedded. Scripts never run in it: what citizens wrote is text.
package print
