//! Files that are there whole or not at all: written beside, then renamed.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file being written. Until [`AtomicFile::commit`] whatever has its name stays as it is; dropped before, it leaves
/// nothing behind.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    beside: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Begins a file in the directory of its name, without touching what has that name.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no file name"))?;
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let beside = builder.tempfile_in(directory(path))?;
        Ok(Self { beside, path: path.to_owned() })
    }

    /// Gives the file its name once all of it is on the disk.
    pub(crate) fn commit(self) -> io::Result<()> {
        self.beside.as_file().sync_all()?;
        self.beside.persist(&self.path).map_err(|error| error.error)?;
        // The name is as durable as the bytes only when the directory is written, too; not every system can.
        File::open(directory(&self.path)).and_then(|directory| directory.sync_all()).or(Ok(()))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.beside.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.beside.flush()
    }
}

/// Writes a whole file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_name_changes_hands_only_when_the_file_is_complete() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new and longer").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        drop(file);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "nothing is left of a file that is given up");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        file.commit().unwrap();
        assert_eq!((fs::read(&path).unwrap(), fs::read_dir(&directory).unwrap().count()), (b"new".to_vec(), 1));
    }

    #[test]
    fn a_directory_is_no_file() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(AtomicFile::create(directory.path()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
    }
}
