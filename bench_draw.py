import time, numpy as np
from sim.study.spec import read_study
from analysis.questions.of_study import plan_of
from analysis.trials.panel import panel_process
import analysis.trials.panel as P
s=read_study('/work/main/scenarios/studies/network-intervention-trial.toml'); plan=plan_of(s)
p=panel_process(s,plan,3)
n=223
list(p.draw(n,range(256)))
t=time.thread_time()
N=4096
for b in p.draw(n,range(N)): pass
dt=time.thread_time()-t
print('ns per person-wave', dt/(N*n*len(p.weeks))*1e9, 'per person', dt/N/n*1e9, 'us per study', dt/N*1e6, p.weeks, p.model.absence, p.model.mechanism, p.model.ratio.shape,p.model.slope)
