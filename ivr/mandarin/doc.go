// Package mandarin says numbers, digits, dates, durations and amounts in Mandarin.
//
// Each function returns words, short pieces of speech such as 二十三 or 一百, all of
// them among Words(), so that every one has a recording. Joined they are the reading
// in characters.
//
// 二 and 两 follow 吕叔湘《现代汉语八百词》: 两 before a measure word when the number is
// just 2, and at the very head of a number before 千, 万 and 亿; 二 before 十 and 百, in
// later places, and at the end. 1 is 幺 when digits are read one by one.
package mandarin
