namespace TrafficDispatch.Model.Files;

/// <summary>How much an outsider's file may ask of this process. Beyond a limit there is a fault, never an exception.</summary>
internal sealed record WorldLimits
{
    /// <summary>Bytes of a file after decompression.</summary>
    public int FileBytes { get; init; } = 512 << 20;

    /// <summary>Records of a file.</summary>
    public int Records { get; init; } = 20_000_000;

    /// <summary>Bytes of a record.</summary>
    public int RecordBytes { get; init; } = 1 << 20;

    /// <summary>Fields of a record: the widest, a row of round-trip times, has one for every edge.</summary>
    public int Fields { get; init; } = 1 << 16;

    /// <summary>Cells of the matrix of round-trip times (8 bytes each).</summary>
    public int MatrixCells { get; init; } = 1 << 28;

    /// <summary>Faults listed one by one, and warnings likewise; the rest is counted.</summary>
    public int Listed { get; init; } = 200;
}
