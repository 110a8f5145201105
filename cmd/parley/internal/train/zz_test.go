package main
import ("testing";"context";"time";"os";"fmt")
func TestZZ(t *testing.T){
 t0:=time.Now()
 d,err:=ask(context.Background(),"/work/shared","/work/main/index/testdata/dev.jsonl")
 if err!=nil{t.Fatal(err)}
 t.Log("ask",time.Since(t0)); t0=time.Now()
 for range 1 { trainRank(os.Stdout,d,5); t.Log("rank",time.Since(t0)); t0=time.Now()}
 for _,fr:=range []bool{false,true} { for _,l2:=range []float64{1e-3,3e-3,1e-2} { for _,bw:=range []float64{1e-9,60,150,350} {
 confidenceL2=l2
 fmt.Println("======",fr,l2,bw)
 trainConfidence(os.Stdout,d,.1,fr,bw); t.Log("conf",time.Since(t0)); t0=time.Now()
 }}}
}
