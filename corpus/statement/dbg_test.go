package statement
import ("testing";"fmt";"parley/corpus/lexicon")
func TestDbg(t *testing.T){ e:=extractor(t); docs:=sharedDocuments(t,"corpora/*.jsonl")
d:=docs["kremlin-60429"]; r:=e.newReader(d); fmt.Println(r.register,r.home,r.parties)
for _,x:=range r.read(e.split.Sentences(d.Text)){ fmt.Println(x.Actors,x.Speaker,len(x.claims),x.In(d.Text)); for _,c:=range x.claims{fmt.Printf("  %+v\n",c)}}
_=lexicon.KindActor
// topic words that trigger
n:=map[string]int{}
for _,l:=range readLabels(t){ if l.Statement {continue}; for _,m:=range e.lexicon.Find(docs[l.Doc].Text[l.Start:l.End],lexicon.Only(lexicon.KindTopic)){ if !m.Weak {n[m.ID+" "+m.Name]++}}}
for k,v:=range n{fmt.Println(v,k)}
}
