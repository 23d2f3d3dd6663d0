//! Bytes that can be read more than once: of a file, of memory, or of a pipe that is first put aside.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::Error;

/// What a pipe may bring before it is put into a temporary file.
const IN_MEMORY: u64 = 64 << 20;

/// Where bytes come from.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    File(PathBuf),
    Slice(&'a [u8]),
    Kept(Vec<u8>),
    Spooled(File),
}

/// A stream of bytes without compression, and its length if that is known.
pub(crate) struct Stream<'a> {
    pub(crate) bytes: Box<dyn Read + 'a>,
    pub(crate) len: Option<u64>,
}

/// What the first bytes of a file say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Gzip,
    Parquet,
    /// Not a table that we read: what it is, and what to do.
    Other(&'static str, &'static str),
}

impl Format {
    pub(crate) fn of(start: &[u8]) -> Self {
        let known: [(&[u8], Self); 7] = [
            (b"PAR1", Self::Parquet),
            (b"\x1f\x8b", Self::Gzip),
            (b"PK\x03\x04", Self::Other("a zip archive or a spreadsheet", "save it as CSV")),
            (b"\x28\xb5\x2f\xfd", Self::Other("compressed by zstd", "decompress it, or use gzip")),
            (b"BZh", Self::Other("compressed by bzip2", "decompress it, or use gzip")),
            (b"\xfd7zXZ", Self::Other("compressed by xz", "decompress it, or use gzip")),
            (b"ARROW1", Self::Other("an Arrow file", "write it as Parquet or CSV")),
        ];
        known.into_iter().find(|(magic, _)| start.starts_with(magic)).map_or(Self::Text, |(_, format)| format)
    }
}

impl<'a> Input<'a> {
    /// A file; what is no regular file (a pipe) is read to its end at once.
    pub(crate) fn file(path: &Path) -> Result<Self, Error> {
        let spool = || match std::fs::metadata(path)? {
            metadata if metadata.is_file() => Ok(Self::File(path.to_owned())),
            metadata if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            _ => Self::spool(File::open(path)?),
        };
        spool().map_err(|error| Error::io(Some(path), &error))
    }

    /// All of a reader, in memory if it is short, else in a temporary file without a name.
    pub(crate) fn spool(mut reader: impl Read) -> io::Result<Self> {
        let mut kept = Vec::new();
        reader.by_ref().take(IN_MEMORY).read_to_end(&mut kept)?;
        if (kept.len() as u64) < IN_MEMORY {
            return Ok(Self::Kept(kept));
        }
        let mut file = tempfile::tempfile()?;
        file.write_all(&kept)?;
        drop(kept);
        io::copy(&mut reader, &mut file)?;
        Ok(Self::Spooled(file))
    }

    /// The bytes from the first on, as they are.
    pub(crate) fn raw(&self) -> io::Result<Stream<'_>> {
        let file = |file: File| -> io::Result<Stream<'_>> {
            let len = Some(file.metadata()?.len());
            Ok(Stream { bytes: Box::new(file), len })
        };
        match self {
            Self::File(path) => file(File::open(path)?),
            Self::Spooled(spooled) => {
                let mut again = spooled.try_clone()?;
                again.seek(SeekFrom::Start(0))?;
                file(again)
            }
            Self::Slice(bytes) => Ok(Stream { bytes: Box::new(*bytes), len: Some(bytes.len() as u64) }),
            Self::Kept(bytes) => Ok(Stream { bytes: Box::new(bytes.as_slice()), len: Some(bytes.len() as u64) }),
        }
    }

    /// What it is, by its first bytes.
    pub(crate) fn format(&self) -> io::Result<Format> {
        let mut start = Vec::new();
        self.raw()?.bytes.take(8).read_to_end(&mut start)?;
        Ok(Format::of(&start))
    }
}

impl<'a> Stream<'a> {
    /// The text in the stream, decompressed if need be.
    pub(crate) fn text(self, file: Option<&Path>) -> Result<Self, Error> {
        let mut buffered = BufReader::with_capacity(1 << 16, self.bytes);
        let start = buffered.fill_buf().map_err(|error| Error::io(file, &error))?;
        match Format::of(start) {
            Format::Text => Ok(Self { bytes: Box::new(buffered), len: self.len }),
            Format::Gzip => Ok(Self { bytes: Box::new(MultiGzDecoder::new(buffered)), len: None }),
            Format::Parquet => Err(Error::Format {
                file: file.map(Path::to_owned),
                found: "a Parquet file",
                advice: "this build reads CSV only; write it as CSV",
            }),
            Format::Other(found, advice) => Err(Error::Format { file: file.map(Path::to_owned), found, advice }),
        }
    }
}
