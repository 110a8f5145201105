package lexicon
import ("testing";"fmt";"os";"bufio";"encoding/json";"time";"parley/corpus";"parley/corpus/words";"sort";"strings";"unicode")
func TestSample(t *testing.T){
 l:=loadDefault(t)
 cnt:=map[string]int{}; ex:=map[string]string{}; unk:=map[string]int{}; n:=0
 start:=time.Now(); var el time.Duration
 _ = start
 for _,fn:=range []string{"current-events-ukraine","kremlin-ukraine","whitehouse-ukraine"} {
  f,_:=os.Open("/work/shared/corpora/"+fn+".jsonl"); sc:=bufio.NewScanner(f); sc.Buffer(nil,1<<24)
  for sc.Scan(){ var d struct{Text,Published string}; json.Unmarshal(sc.Bytes(),&d)
   p,_:=corpus.ParsePartialDate(d.Published)
   t0:=time.Now(); ms:=l.Find(d.Text,At(p)); el+=time.Since(t0)
   for range words.All(d.Text){n++}
   cov:=make([]bool,len(d.Text)+1)
   for _,m:=range ms { if m.Kind==KindActor { for i:=m.Start;i<m.End;i++{cov[i]=true}; k:=m.ID+"|"+m.Form.String()+"|"+m.Name+"|"+m.Person; cnt[k]++; if cnt[k]==1 {a:=max(0,m.Start-40);b:=min(len(d.Text),m.End+40); ex[k]=strings.ReplaceAll(d.Text[a:b],"\n"," ")}} }
   var prev words.Word
   for w:=range words.All(d.Text){ r:=[]rune(w.Text)[0]; if unicode.IsUpper(r)&&!cov[w.Start]&&prev.Text!=""&&unicode.IsUpper([]rune(prev.Text)[0])&&!cov[prev.Start]&&w.Start-prev.End==1 { unk[prev.Text+" "+w.Text]++ }; prev=w }
  }
 }
 fmt.Println("words",n,"time",el)
 var ks []string; for k:=range cnt{ks=append(ks,k)}; sort.Slice(ks,func(i,j int)bool{return cnt[ks[i]]>cnt[ks[j]]})
 o,_:=os.Create("/tmp/samp/names.txt"); for _,k:=range ks{fmt.Fprintf(o,"%d %s :: %q\n",cnt[k],k,ex[k])}; o.Close()
 var us []string; for k:=range unk{us=append(us,k)}; sort.Slice(us,func(i,j int)bool{return unk[us[i]]>unk[us[j]]})
 o,_=os.Create("/tmp/samp/unk.txt"); for _,k:=range us{fmt.Fprintf(o,"%d %s\n",unk[k],k)}; o.Close()
}
