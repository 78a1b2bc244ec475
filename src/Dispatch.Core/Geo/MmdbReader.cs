using System.Diagnostics.CodeAnalysis;
using TrafficDispatch.Model;

namespace TrafficDispatch.Geo;

/// <summary>A network of a MaxMind DB file.</summary>
/// <param name="Prefix">Its addresses.</param>
/// <param name="DataOffset">Where its record begins in the data section, for <see cref="MmdbReader.Decode"/>; equal offsets are equal records.</param>
public readonly record struct MmdbNetwork(IpPrefix Prefix, int DataOffset);

/// <summary>
/// Reads files of the MaxMind DB format 2.0 (https://maxmind.github.io/MaxMind-DB/). Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The file is kept in memory as it is. Opening checks the metadata; trees and records are checked as they are read. Whatever the bytes,
/// the only exception is <see cref="MmdbException"/>, and time and memory stay bounded.
/// </remarks>
public sealed class MmdbReader
{
    private readonly MmdbTree _tree;
    private readonly MmdbDecoder _data;

    /// <summary>Opens a database that lies in memory; the bytes must not change from then on.</summary>
    /// <exception cref="MmdbException">The metadata are missing or break a rule.</exception>
    public MmdbReader(byte[] file)
    {
        Metadata = MmdbMetadata.Read(file, out int dataEnd);
        // The metadata have proved that tree and separator end before dataEnd, an int.
        int dataStart = (int)Metadata.TreeBytes + MmdbTree.SeparatorBytes;
        _data = new MmdbDecoder(file, dataStart, dataEnd);
        _tree = new MmdbTree(file, Metadata, _data.Length);
    }

    /// <summary>What the file says about itself.</summary>
    public MmdbMetadata Metadata { get; }

    /// <summary>Reads a file into memory and opens it.</summary>
    /// <exception cref="MmdbException">It is no MaxMind DB file, or larger than 2 GiB less 64 KiB.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MmdbReader Open(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > Array.MaxLength) throw new MmdbException(Array.MaxLength, $"a file of {length} bytes is too large: the limit is {Array.MaxLength}");
        return new MmdbReader(File.ReadAllBytes(path));
    }

    /// <summary>Opens a file where it may well be missing or corrupt.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reader">The database; null where it could not be opened.</param>
    /// <param name="fault">File, offset and rule; empty where it was opened.</param>
    public static bool TryOpen(string path, [NotNullWhen(true)] out MmdbReader? reader, out string fault)
    {
        (reader, fault) = (null, "");
        try
        {
            reader = Open(path);
            return true;
        }
        catch (Exception e) when (e is MmdbException or IOException or UnauthorizedAccessException)
        {
            fault = $"{path}: {e.Message}";
            return false;
        }
    }

    /// <summary>Finds the network of an address. O(bits of the address).</summary>
    /// <param name="address">An IPv4 address is looked up under 96 zero bits where the tree is of IPv6.</param>
    /// <param name="network">The widest prefix around the address that has this record.</param>
    /// <returns>False where there is no record, as for any IPv6 address in a tree of IPv4.</returns>
    /// <exception cref="MmdbException">The tree breaks a rule on the way.</exception>
    public bool TryFind(ClientAddress address, out MmdbNetwork network) => _tree.TryFind(address, out network);

    /// <summary>The record of an address; null where there is none.</summary>
    /// <exception cref="MmdbException">The tree or the record breaks a rule.</exception>
    public MmdbValue? Find(ClientAddress address) => TryFind(address, out MmdbNetwork network) ? Decode(network.DataOffset) : null;

    /// <summary>Decodes a record.</summary>
    /// <param name="dataOffset">From a <see cref="MmdbNetwork"/> of this database.</param>
    /// <exception cref="MmdbException">The record breaks a rule, nests too deep, or unfolds to more than 32 MiB.</exception>
    public MmdbValue Decode(int dataOffset) => _data.Decode(dataOffset);

    /// <summary>
    /// All networks that have a record, in address order with IPv4 first in an IPv6 tree, each once; the places where IPv6 trees repeat
    /// IPv4 (<c>::ffff:0:0/96</c>, <c>2001::/32</c>, <c>2002::/16</c>) are left out. Lazy.
    /// </summary>
    /// <exception cref="MmdbException">The tree has a cycle, leads outside of the data, or unfolds to more than 16 times its size. Thrown while enumerating.</exception>
    public IEnumerable<MmdbNetwork> Networks() => _tree.Networks();
}
