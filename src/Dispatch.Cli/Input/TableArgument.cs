using System.Globalization;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Input;

/// <summary>Reads the name of a table, <c>EPOCH.NUMBER</c>.</summary>
internal static class TableArgument
{
    /// <summary>Reads a name; null after the fault is written.</summary>
    public static TableName? Read(string text, Terminal terminal)
    {
        string[] parts = text.Split('.');
        if (parts.Length == 2 && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong epoch)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number > 0)
        {
            return new TableName { Epoch = epoch, Number = number };
        }
        terminal.WriteFault($"'{text}' must be a table's version such as 1795314121.7; 'dispatch tables' lists them");
        return null;
    }
}
