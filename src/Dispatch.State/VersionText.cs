using System.Globalization;
using TrafficDispatch.Table;

namespace TrafficDispatch.State;

/// <summary>Versions as texts that sort as the versions do.</summary>
internal static class VersionText
{
    /// <summary>19 digits, a point, 19 digits.</summary>
    public static string Of(TableVersion version) => string.Create(CultureInfo.InvariantCulture, $"{version.Epoch:D19}.{version.Number:D19}");

    /// <summary>Reads the text form.</summary>
    public static bool TryRead(string text, out TableVersion version)
    {
        version = TableVersion.None;
        string[] numbers = text.Split('.');
        if (numbers.Length != 2 || !long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
            || !long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return false;
        }
        version = new(epoch, number);
        return true;
    }
}
