//! Tables.
use crate::json::Results;
use anyhow::Result;
use std::io::Write;
pub(super) fn x(results: &Results, out: &mut dyn Write) -> Result<()> {
    for t in &results.toy {
        writeln!(out, "seed {} oracle {:?}", t.seed, t.oracle)?;
        for m in &t.models {
            writeln!(
                out,
                "{} {:?} {:?} train {:.5} unseen {:.5} ll {:.5} share {:.5} s {:.2}",
                m.name,
                m.solver,
                m.effort,
                m.train.auc,
                m.unseen.scores.auc,
                m.unseen.scores.log_loss,
                m.unseen.share_of_oracle,
                m.seconds
            )?;
        }
    }
    for b in &results.balloons {
        writeln!(out, "{} {} {:?} {:?} {:?}", b.target, b.model, b.weights, b.bias, b.direct)?;
        for e in &b.epochs {
            write!(out, "{:.5e}/{:.5e} ", e.loss, e.val_loss)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
