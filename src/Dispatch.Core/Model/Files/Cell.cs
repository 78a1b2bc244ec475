namespace TrafficDispatch.Model.Files;

/// <summary>A field of a record that was read before; the record as a whole where the table does not have the column.</summary>
/// <param name="File">File name.</param>
/// <param name="Line">Line of the field.</param>
/// <param name="Column">Character at which it starts, from 1; 0 for the whole record.</param>
/// <param name="Field">Column name; empty for the whole record.</param>
/// <param name="Text">What stands there.</param>
internal sealed record Cell(string File, int Line, int Column, string Field, string Text)
{
    public void Fault(FaultLog log, string rule) => log.Fault(File, Line, Column, Field, Text, rule);

    public void Warn(FaultLog log, string rule) => log.Warn(File, Line, Column, Field, Text, rule);
}
