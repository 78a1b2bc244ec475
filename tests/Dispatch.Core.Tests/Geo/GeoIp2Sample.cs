using System.Collections.Immutable;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Geo;

/// <summary>A small database in the schema of GeoIP2 City, with every data type in one record, and four regions to map it on.</summary>
internal static class GeoIp2Sample
{
    public static string[] Addresses { get; } =
        ["192.0.2.1", "192.0.2.200", "198.51.100.1", "203.0.113.7", "0.0.0.0", "255.255.255.255", "2001:db8::1", "2001:db8:1::", "2002:c000:201::", "::1"];

    public static ImmutableArray<ClientRegion> Regions { get; } =
    [
        Region("DE-01", "DE", 52.5, 13.4, 30), Region("DE-02", "DE", 48.1, 11.6, 50), Region("FR-01", "FR", 48.9, 2.4, 40), Region("JP-01", "JP", 35.7, 139.7, 90),
    ];

    public static MmdbFile File(int recordBits, int ipVersion)
    {
        MmdbFile file = new(recordBits, ipVersion);
        int berlin = City(file.Data, "DE", 52.4, 13.1);
        int lyon = City(file.Data, "FR", 45.7, 4.8);
        int germany = file.Data.Position;
        file.Data.Map(2).Text("country").Map(1).Text("iso_code").Text("DE").Text("registered_country").Map(1).Text("iso_code").Text("FR");
        int types = file.Data.Position;
        string[] names = ["text", "empty", "double", "float", "bytes", "uint16", "uint32", "zero", "int32", "uint64", "uint128", "true", "false", "array", "map"];
        file.Data.Map(names.Length);
        foreach (string name in names)
        {
            file.Data.Text(name);
            MmdbValueTests.Write(file.Data, name);
        }
        file.Insert(MmdbTreeTests.Prefix("192.0.2.0/24"), berlin);
        file.Insert(MmdbTreeTests.Prefix("192.0.2.192/26"), germany);
        file.Insert(MmdbTreeTests.Prefix("198.51.100.0/22"), lyon);
        file.Insert(MmdbTreeTests.Prefix("203.0.113.0/24"), types);
        if (ipVersion == 6)
        {
            file.Insert(MmdbTreeTests.Prefix("2001:db8::/32"), lyon);
            file.AliasToV4(MmdbTreeTests.Prefix("2002::/16"));
        }
        return file;
    }

    public static int City(MmdbData data, string iso2, double latitude, double longitude)
    {
        int at = data.Position;
        data.Map(2)
            .Text("country").Map(2).Text("iso_code").Text(iso2).Text("names").Map(1).Text("en").Text(iso2 + " in English")
            .Text("location").Map(3).Text("latitude").Double(latitude).Text("longitude").Double(longitude).Text("accuracy_radius").Unsigned(MmdbType.UInt16, 20);
        return at;
    }

    public static ClientRegion Region(string id, string iso2, double latitude, double longitude, double peakGbps) =>
        new(id, new Place(id, iso2, "EU", "EUW", new GeoPoint(latitude, longitude)), iso2, 1, iso2, false, new Gbps(peakGbps));
}
