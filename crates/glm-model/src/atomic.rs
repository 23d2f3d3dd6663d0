//! Files that are there whole or not at all: written beside, then renamed.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file being written. Until [`commit`](Self::commit) whatever has its name stays as it is; dropped before, it leaves
/// nothing behind. A link to a file is followed; a pipe or a device is written to and never replaced.
///
/// ```
/// use std::fs;
/// use std::io::Write;
/// use glm_model::AtomicFile;
/// let path = std::env::temp_dir().join("glm-model-doc-atomic.csv");
/// fs::write(&path, "old")?;
/// let mut file = AtomicFile::create(&path)?;
/// file.write_all(b"new")?;
/// assert_eq!(fs::read_to_string(&path)?, "old");
/// file.commit()?;
/// assert_eq!(fs::read_to_string(&path)?, "new");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct AtomicFile(Place);

#[derive(Debug)]
enum Place {
    /// A file that will take the name.
    Beside(NamedTempFile, PathBuf),
    /// A pipe or a device, which is written to and never replaced.
    Stream(File),
}

impl AtomicFile {
    /// Begins a file in the directory of its name, without touching what has that name.
    ///
    /// # Errors
    ///
    /// A directory has the name, or what the system says of a new file there.
    pub fn create(path: &Path) -> io::Result<Self> {
        let path = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(metadata) if !metadata.is_file() => {
                return Ok(Self(Place::Stream(OpenOptions::new().write(true).open(path)?)));
            }
            Ok(_) => fs::canonicalize(path)?,
            Err(_) => path.to_owned(),
        };
        let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no file name"))?;
        let mut prefix = OsString::from(".");
        prefix.push(name);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let beside = builder.tempfile_in(directory(&path))?;
        Ok(Self(Place::Beside(beside, path)))
    }

    /// Gives the file its name once all of it is on the disk.
    ///
    /// # Errors
    ///
    /// What the system says; the file is then gone, and what had the name is as it was.
    pub fn commit(self) -> io::Result<()> {
        let Place::Beside(beside, path) = self.0 else { return Ok(()) };
        beside.as_file().sync_all()?;
        beside.persist(&path).map_err(|error| error.error)?;
        // The name is as durable as the bytes only when the directory is written, too; not every system can.
        File::open(directory(&path)).and_then(|directory| directory.sync_all()).or(Ok(()))
    }

    /// A whole file at once.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create), of writing and of [`commit`](Self::commit).
    pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = Self::create(path)?;
        file.write_all(bytes)?;
        file.commit()
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Place::Beside(file, _) => file.write(bytes),
            Place::Stream(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Place::Beside(file, _) => file.flush(),
            Place::Stream(file) => file.flush(),
        }
    }
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

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_never_replaced() {
        use std::os::unix::fs::FileTypeExt;
        use std::os::unix::net::UnixListener;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let _listener = UnixListener::bind(&path).unwrap();
        assert!(AtomicFile::write_whole(&path, b"text").is_err(), "a socket cannot be opened");
        assert!(fs::metadata(&path).unwrap().file_type().is_socket(), "and is still there");
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "nothing is left");
    }

    #[test]
    fn a_name_that_cannot_be_taken_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        // Somebody else makes a directory of the name, which no file replaces.
        fs::create_dir(&path).unwrap();
        assert!(file.commit().is_err());
        let left: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["out"], "nothing is left of a file that cannot be there");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        AtomicFile::write_whole(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "the link stays");
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }
}
