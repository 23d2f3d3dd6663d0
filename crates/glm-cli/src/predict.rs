//! `glm predict`: rows in, predictions out, a part at a time.

use std::io::{self, BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::path::Path;

use glm_frame::{Chunks, ColumnType, Frame, ReadOptions, Schema};
use glm_model::{AtomicFile, Error, Interval, Model, PredictOptions, Prediction, Scale};

use crate::args::{IntervalName, PredictArgs, PredictType};
use crate::failure::Failure;
use crate::fit::delimiter;
use crate::progress::{Progress, Task};
use crate::sink::Sink;

/// Rows in memory at a time.
const ROWS: NonZeroUsize = NonZeroUsize::MIN.saturating_add((1 << 16) - 1);

/// Predicts each row of the new data.
pub(crate) fn run(args: &PredictArgs) -> Result<(), Failure> {
    let model = Model::load(&args.model)?;
    let options = options(&model, args);
    let schema = schema(&model);
    let read = ReadOptions { columns: None, schema: Some(&schema), delimiter: delimiter(&args.new) };
    let chunks = Chunks::open(&args.new, ROWS, &read)?;
    let task = Progress::on_stderr(args.quiet).task(format!("predicting {}", args.new.display()));
    let rows = Rows { model: &model, options, task };
    match &args.output {
        Some(path) => to_file(chunks, &rows, path),
        None => to_stdout(chunks, &rows),
    }
}

/// What is done with each part.
struct Rows<'a> {
    model: &'a Model,
    options: PredictOptions,
    task: Task,
}

/// Why a stream of predictions ends early.
enum Stop {
    Failure(Failure),
    Writing(io::Error),
}

fn options(model: &Model, args: &PredictArgs) -> PredictOptions {
    let has_bounds = model.estimates().is_some_and(|estimates| estimates.n_predictors() == 1);
    let interval = match args.interval {
        Some(IntervalName::Prediction) => Some(Interval::Prediction),
        Some(IntervalName::Confidence) => Some(Interval::Confidence),
        None => has_bounds.then_some(Interval::Confidence),
    };
    let scale = match args.kind {
        PredictType::Response => Scale::Response,
        PredictType::Link => Scale::Link,
    };
    PredictOptions { scale, interval, level: model.spec().conf_level, ..PredictOptions::default() }
}

/// The types that the columns had when the model was fitted.
fn schema(model: &Model) -> Schema {
    let typed = model.inputs().into_iter().map(|input| {
        let kind = match input.reads_as_numbers() {
            true => ColumnType::Number {},
            false => ColumnType::Category { levels: input.levels, contrasts: None },
        };
        (input.name, kind)
    });
    Schema { columns: typed.collect() }
}

fn to_file(chunks: Chunks, rows: &Rows<'_>, path: &Path) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::writing(path, error);
    let file = AtomicFile::create(path).map_err(|error| failed(&error))?;
    let told = |stop| match stop {
        Stop::Failure(failure) => failure,
        Stop::Writing(error) => failed(&error),
    };
    let is_parquet = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    let sink = if is_parquet { Sink::parquet(BufWriter::new(file)) } else { Sink::csv(BufWriter::new(file)) };
    let written = rows.write(chunks, sink).map_err(told)?;
    let file = written.into_inner().map_err(|error| failed(error.error()))?;
    file.commit().map_err(|error| failed(&error))
}

fn to_stdout(chunks: Chunks, rows: &Rows<'_>) -> Result<(), Failure> {
    let written = rows.write(chunks, Sink::csv(BufWriter::new(stdout())));
    let flushed = written.and_then(|mut written| written.flush().map_err(Stop::Writing));
    match flushed {
        Err(Stop::Failure(failure)) => Err(failure),
        // Whoever reads has seen enough.
        Err(Stop::Writing(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(Stop::Writing(error)) => Err(Failure::writing(Path::new("the standard output"), &error)),
        Ok(()) => Ok(()),
    }
}

impl Rows<'_> {
    /// Writes the predictions of all parts, and returns what they were written to.
    fn write<W: Write + Send>(&self, chunks: Chunks, mut sink: Sink<W>) -> Result<W, Stop> {
        let mut first_row = 0;
        for frame in chunks {
            let frame = frame.map_err(|error| Stop::Failure(error.into()))?;
            let predicted = self.predict(&frame, first_row).map_err(Stop::Failure)?;
            write_part(&mut sink, &predicted).map_err(Stop::Writing)?;
            first_row += frame.n_rows();
            self.task.add_rows(frame.n_rows());
        }
        sink.finish().map_err(Stop::Writing)
    }

    fn predict(&self, frame: &Frame, first_row: usize) -> Result<Prediction, Failure> {
        self.model.predict_with(frame, &self.options).map_err(|error| of_file(error, first_row).into())
    }
}

/// Columns of one part.
fn write_part<W: Write + Send>(sink: &mut Sink<W>, predicted: &Prediction) -> io::Result<()> {
    if predicted.classes.is_empty() {
        let nothing = vec![f64::NAN; predicted.fit.len()];
        let or_nothing = |column: &'_ Option<Vec<f64>>| column.clone().unwrap_or_else(|| nothing.clone());
        let others = [&predicted.std_error, &predicted.conf_low, &predicted.conf_high].map(or_nothing);
        let columns = [&predicted.fit[..], &others[0], &others[1], &others[2]];
        sink.rows(&["fit", "std_error", "conf_low", "conf_high"], &columns)
    } else {
        let levels: Vec<&str> = predicted.classes.iter().map(|class| class.level.as_str()).collect();
        let columns: Vec<&[f64]> = predicted.classes.iter().map(|class| class.fit.as_slice()).collect();
        sink.rows(&levels, &columns)
    }
}

/// Counts an error's row from the first of the file, not of the part.
fn of_file(error: Error, first_row: usize) -> Error {
    use glm_frame::Error as Data;
    match error {
        Error::Data(Data::UnseenLevel { column, row, level, levels }) => {
            Data::UnseenLevel { column, row: row + first_row, level, levels }.into()
        }
        Error::Data(Data::NotFinite { expression, row, value }) => {
            Data::NotFinite { expression, row: row + first_row, value }.into()
        }
        Error::Data(Data::NotNumbers { column, row, level }) => {
            Data::NotNumbers { column, row: row + first_row, level }.into()
        }
        error => error,
    }
}
