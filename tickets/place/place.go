// Package place tells where a telephone number is registered and by which carrier, from the
// tables of libphonenumber that come with the program: no look-up leaves the machine.
package place

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/open12345/hotline/tickets/privacy"
)

// Place is where a number is registered; a mobile number may be used elsewhere.
type Place struct {
	Province string // 福建省; of a municipality its name, of a foreign number the place
	City     string // 莆田市
	Carrier  string // 中国移动
}

// unknown is what the tables say of a number that is of the whole country.
const unknown = "中国"

// Of finds the place of a number; what is unknown is empty. Numbers of services have no place.
func Of(p privacy.Phone) Place {
	if len(p) < 7 {
		return Place{}
	}
	number, err := phonenumbers.Parse(international(p), "CN")
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return Place{}
	}
	var place Place
	if text, err := phonenumbers.GetGeocodingForNumber(number, "zh"); err == nil && text != unknown {
		place.Province, place.City = split(text)
	}
	if carrier, err := phonenumbers.GetCarrierForNumber(number, "zh"); err == nil {
		place.Carrier = carrier
	}
	return place
}

// international gives a number that was normalised to 00… its plus sign back.
func international(p privacy.Phone) string {
	if rest, ok := strings.CutPrefix(p.Clear(), "00"); ok {
		return "+" + rest
	}
	return p.Clear()
}

// split parts 福建省莆田市 after the province; 北京市 stays whole.
func split(text string) (province, city string) {
	for _, end := range []string{"省", "自治区"} {
		if head, tail, ok := strings.Cut(text, end); ok {
			return head + end, tail
		}
	}
	return text, ""
}
