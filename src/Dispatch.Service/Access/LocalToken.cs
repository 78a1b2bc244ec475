using System.Security.Cryptography;
using System.Text;

namespace TrafficDispatch.Service.Access;

/// <summary>The token that the first start writes under <c>State:Path</c>, for the command line of the same user on the same machine.</summary>
internal static class LocalToken
{
    /// <summary>Name of the file; the command line knows it, too.</summary>
    public const string FileName = "admin.token";

    /// <summary>What the audit calls it.</summary>
    public const string Name = "local";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Its path.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Writes it where there is none: 256 random bits that the owner alone may read.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Ensure(string folder)
    {
        string path = PathIn(folder), part = path + ".part";
        if (File.Exists(path)) return;
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        // Right from the first byte: a file that is closed to others only afterwards was open for a moment.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        File.Delete(part);
        using (FileStream file = new(part, options))
        {
            file.Write(Encoding.ASCII.GetBytes(token + "\n"));
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>Reads it.</summary>
    public static TokenBook Parse(byte[] text, out System.Collections.Immutable.ImmutableArray<string> faults)
    {
        string token = Encoding.UTF8.GetString(text).Trim();
        faults = token.Length < 32 ? ["must hold a token of at least 32 characters; delete it, and the next start writes one"] : [];
        return TokenBook.One(Name, RoleNames.Administration, token);
    }

    /// <summary>True where others than the owner may read a file; false where the system knows no such rights.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None;
}
