package statement
import ("testing";"fmt";"parley/corpus/lexicon";"parley/corpus")
func TestDbg(t *testing.T){ e:=extractor(t); d,_:=corpus.ParsePartialDate("2025-08-09")
for _,s:=range []string{"European leaders with Canada and Japan said","According to reports of his briefing, Washington suggested that Kyiv do it, while Kyiv favoured a venture.","The leaders of France, the United Kingdom, Germany and Poland visited Kyiv and, with Ukrainian President Volodymyr Zelensky, demanded a full truce.","Ukrainian forces say; Russia's Federal Security Service says; the two countries; Investigative Committee of Russia; US, UK and EU officials; the US and its allies; Russian memorandum","The leaders of France, the United Kingdom, Germany, Italy, Poland and Finland and the European Commission said borders"}{
for _,m:=range e.lexicon.Find(s,lexicon.At(d),lexicon.Only(lexicon.KindActor)){fmt.Printf("%q %s %s %v weak=%v name=%s\n",m.In(s),m.ID,m.Person,m.Form,m.Weak,m.Name)}
doc:=corpus.Document{Text:s}; doc.Published=d
for _,a:=range e.Attribute(doc,e.split.Sentences(s)){fmt.Println("   ",a.Actors,a.Speaker)}}}
