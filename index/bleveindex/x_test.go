package bleveindex
import ("testing";"math/rand/v2";"time")
func TestX(t *testing.T){
 b:=time.Now(); automata(); t.Log("build", time.Since(b))
 r:=rand.New(rand.NewPCG(1,1))
 for e:=1;e<=2;e++ { for _,n:=range []int{10,20,50,100,150,200,300,400} {
  bad:=0; var took time.Duration
  for range 50 { w:=make([]rune,n); for i:=range w { w[i]=rune('а'+r.IntN(30)) }
   b:=time.Now(); _,err:=automata()[e-1].BuildDfa(string(w),uint8(e)); took+=time.Since(b); if err!=nil {bad++} }
  t.Log(e,n,bad,took/50) } }
}
