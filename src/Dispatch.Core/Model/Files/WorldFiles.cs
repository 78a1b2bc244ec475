using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace TrafficDispatch.Model.Files;

/// <summary>The files of one folder as they are read: found plain or gzipped, bounded, checked to be UTF-8, and hashed.</summary>
internal sealed class WorldFiles(string directory, WorldLimits limits, FaultLog log)
{
    /// <summary>What a gzipped file's name ends with.</summary>
    public const string Packed = ".gz";
    private const int SmallestMember = 18;
    private const string NotWhole = "must be one whole gzip member";
    private readonly SortedDictionary<string, byte[]> _digests = new(StringComparer.Ordinal);

    public FaultLog Log => log;

    public WorldLimits Limits => limits;

    /// <summary>True where the file or its gzipped form is there.</summary>
    public bool Exists(string name) => File.Exists(Path.Combine(directory, name)) || File.Exists(Path.Combine(directory, name + Packed));

    /// <summary>The file's bytes, or null (with a fault, unless it is optional and absent).</summary>
    public byte[]? Read(string name, bool required)
    {
        bool plain = File.Exists(Path.Combine(directory, name)), packed = File.Exists(Path.Combine(directory, name + Packed));
        if (plain && packed) return Refuse(name, $"must not stand beside {name}{Packed}: which one holds?");
        if (!plain && !packed) return required ? Refuse(name, "must be there: the file is required") : null;
        string actual = plain ? name : name + Packed;
        byte[]? bytes = ReadBounded(actual, packed);
        if (bytes is null || !IsUtf8(actual, bytes)) return null;
        ReadOnlySpan<byte> content = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        _digests[name] = SHA256.HashData(content);
        return bytes;
    }

    /// <summary>
    /// Names the content of all files read so far: SHA-256 over names and contents in the order of the names, without byte order
    /// marks and packing, so that the same facts have the same version however they are stored.
    /// </summary>
    public string Version()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach ((string name, byte[] digest) in _digests)
        {
            byte[] label = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteInt32LittleEndian(length, label.Length);
            hash.AppendData(length);
            hash.AppendData(label);
            hash.AppendData(digest);
        }
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private byte[]? Refuse(string name, string rule)
    {
        log.Fault(name, rule);
        return null;
    }

    private byte[]? ReadBounded(string name, bool packed)
    {
        try
        {
            using FileStream file = new(Path.Combine(directory, name), FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            if (!packed && file.Length > limits.FileBytes) return Refuse(name, TooLong);
            using Stream stream = packed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
            using MemoryStream bytes = new(packed ? 1 << 16 : (int)file.Length);
            byte[] block = new byte[1 << 16];
            for (int n; (n = stream.Read(block)) > 0;)
            {
                if (bytes.Length + n > limits.FileBytes) return Refuse(name, TooLong);
                bytes.Write(block, 0, n);
            }
            return packed && !EndsWhole(file, bytes.Length) ? Refuse(name, NotWhole) : bytes.ToArray();
        }
        catch (InvalidDataException e)
        {
            return Refuse(name, $"{NotWhole}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(name, $"must be readable: {e.Message}");
        }
    }

    /// <summary>
    /// True where a gzip file ends with the length of what came out of it (RFC 1952, ISIZE). The platform's reader gives what it has
    /// of a file that was cut short, and passes over what follows the first member that is not another one.
    /// </summary>
    private static bool EndsWhole(FileStream file, long unpacked)
    {
        Span<byte> size = stackalloc byte[sizeof(uint)];
        if (file.Length < SmallestMember) return false;
        file.Position = file.Length - sizeof(uint);
        file.ReadExactly(size);
        return BinaryPrimitives.ReadUInt32LittleEndian(size) == unpacked;
    }

    private string TooLong => $"must not be longer than {limits.FileBytes} bytes, unpacked";

    private bool IsUtf8(string name, byte[] bytes)
    {
        if (Utf8.IsValid(bytes)) return true;
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes.AsSpan(at), out _, out int consumed) == System.Buffers.OperationStatus.Done) at += consumed;
        ReadOnlySpan<byte> before = bytes.AsSpan(0, at);
        int lineStart = before.LastIndexOf((byte)'\n') + 1, column = 1;
        foreach (byte b in before[lineStart..]) column += (b & 0xC0) == 0x80 ? 0 : 1;
        log.Fault(name, before.Count((byte)'\n') + 1, column, "", "", $"must be UTF-8; byte 0x{bytes[at]:x2} is not");
        return false;
    }
}
