package statement
import ("testing";"fmt";"math/rand";"sort")
func TestDbg(t *testing.T){ e:=extractor(t); docs:=sharedDocuments(t,"corpora/*.jsonl")
ids:=[]string{}; for id:=range docs {ids=append(ids,id)}; sort.Strings(ids)
var a,b []string
for _,id:=range ids{ d:=docs[id]; r:=e.newReader(d); reg:=r.register; if reg==transcript||reg==own {continue}
 for _,x:=range r.read(e.split.Sentences(d.Text)){ if len(x.Actors)==0 {continue}
  line:=fmt.Sprintf("%v %q D=%v | %s", x.Actors,x.Speaker,x.Direct, x.In(d.Text)); if r.home=="" {a=append(a,line)} else {b=append(b,fmt.Sprintf("r%d %.40s | ",reg,d.Title)+line)} } }
rand.New(rand.NewSource(23)).Shuffle(len(a),func(i,j int){a[i],a[j]=a[j],a[i]})
rand.New(rand.NewSource(23)).Shuffle(len(b),func(i,j int){b[i],b[j]=b[j],b[i]})
fmt.Println(len(a),len(b))
for _,l:=range a[:85]{fmt.Println(l)}
for _,l:=range b[:60]{fmt.Println(l)}
}
