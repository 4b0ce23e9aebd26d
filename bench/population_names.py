# ruff: noqa: RUF001 -- Turkish names have the dotless i
"""Names of the region for the generated population, each in its own orthography.

Written down for this project from general knowledge, roughly by how common they are.
"""

from typing import NamedTuple


class Stock(NamedTuple):
    """The names from which one community is drawn."""

    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[str, ...]


ALBANIAN = Stock(
    tuple(
        "Arben Agim Bekim Fatmir Besnik Valon Ilir Driton Blerim Naim Shpend Luan Avni"
        " Burim Gëzim Ismet Xhevat Lulzim Skënder Bujar Petrit Afrim Nexhat Mentor Artan"
        " Flamur Visar Granit Leutrim Faton Labinot Kushtrim Arsim Ramiz Xhavit Hysen"
        " Halil Sylejman Rexhep Bajram Ramadan Shaban Selim Zeqir Qamil Qerim Ymer Isuf"
        " Jakup Rrahman Ukshin Gjergj Ndue Përparim Shkëlqim Shpëtim Mërgim Liridon"
        " Ardian Alban Erion Endrit Dardan Yll Yllson Hashim Behxhet Nazmi Muharrem"
        " Fehmi Sabri Enver Xhemajl Haxhi Feriz Zenel Tahir Veli Musli Nuredin Zymer"
        " Ejup Idriz Adnan Astrit Bardhyl Fidan Kreshnik Rinor Trim Çlirim Florim Mejdi"
        " Qemal Shefqet Hamdi Hajdin Gani Feim Sadri Imer Rasim Fadil Ekrem Nysret".split()
    ),
    tuple(
        "Arta Vjosa Teuta Drita Shpresa Fatime Valbona Mimoza Lumnije Hatixhe Sanije"
        " Ardita Blerta Albana Besa Fjolla Donjeta Arbnora Liridona Mirjeta Edona Njomza"
        " Vlora Shqipe Zana Lendita Merita Flutura Afërdita Lindita Majlinda Hyrije"
        " Nexhmije Zyrafete Sabrije Hajrije Shukrije Fahrije Bahrije Myrvete Xhemile"
        " Xhevahire Qëndresa Luljeta Manushaqe Violeta Florije Emine Zejnepe Shemsije"
        " Ajshe Hanife Mihrije Remzije Ryvejda Selvije Nafije Naxhije Feride Kimete"
        " Makfire Resmije Vahide Igballe Leonora Rina Elira Diellza Yllka Yllza Gjyle"
        " Gjejlane Dafina Dhurata Thëllëza Rrezarta Ermira Egzona Erëblina Besarta"
        " Fitore Kaltrina Kosovare Learta Medina Nora Pranvera Rukije Syzana Tringa"
        " Vjollca Xhyla Zarife Çlirime Elmaze Hidajete Jehona Kadrije Lirije".split()
    ),
    tuple(
        "Krasniqi Gashi Berisha Hoxha Shala Morina Kelmendi Bytyqi Thaçi Rexhepi Osmani"
        " Hasani Zeqiri Maliqi Kastrati Mustafa Haliti Ahmeti Jashari Sylejmani Bajrami"
        " Ramadani Salihu Halimi Ademi Rrustemi Avdiu Ibrahimi Ismaili Selimi Hyseni"
        " Beqiri Idrizi Sadiku Musliu Kryeziu Bunjaku Gjinolli Haxhiu Hajdini Mehmeti"
        " Rama Behrami Fazliu Latifi Shabani Qerimi Zogaj Gjergji Kuqi Kurti Veseli"
        " Llapashtica Xhemajli Çitaku Shatri Istrefi Jakupi Ymeri Prekazi Lushta Aliu"
        " Bislimi Demiri Dervishi Elshani Ferizi Gërvalla Geci Hajrizi Imeri Kadriu"
        " Kabashi Kameri Miftari Murati Nura Peci Pllana Qorri Ramizi Rudari Sejdiu"
        " Syla Tahiri Ukaj Uka Vokrri Xhafa Zeka Zymberi Zejnullahu Basholli Bardhi"
        " Bicaj Cakaj Dragusha Dibrani Feka Gllogovci Hyka Jusufi Klinaku Koca Lahu"
        " Luta Mehana Mulaku Nimani Oruqi Peroj Qelaj Rexha Rrahmani Spahiu Sopjani"
        " Statovci Tmava Trepça Vitia Voca Xhaka Zhuri Zhubi Gjocaj Mjeku Shkodra".split()
    ),
)

SERBIAN = Stock(
    tuple(
        "Dragan Milan Zoran Goran Miloš Nikola Marko Stefan Aleksandar Nenad Dejan"
        " Slobodan Vladimir Ivan Jovan Petar Dušan Đorđe Nebojša Miroslav Radovan"
        " Ljubiša Srđan Bojan Predrag Vuk Žarko Živko Božidar Čedomir Branislav Lazar"
        " Uroš Filip Luka Strahinja Veljko Ognjen Danilo Momčilo Milutin Radoslav"
        " Tomislav Svetozar Stojan Trajko Vojislav Zvonko Ratko Radomir Milorad Milivoje"
        " Miodrag Blagoje Dobrivoje Gradimir Hranislav Jugoslav Krsto Ljubomir Mladen"
        " Novica Obrad Perica Rade Sava Sreten Tihomir Vidoje Vukašin Željko Saša Siniša"
        " Igor Darko Dalibor Ninoslav Mihajlo Andrej Aleksa Pavle Vasilije Todor Bogdan"
        " Ranko Rajko Slaviša Toplica Vitomir Staniša Sinan Golub Kosta Njegoš".split()
    ),
    tuple(
        "Milica Jelena Dragana Marija Ljiljana Snežana Gordana Vesna Slavica Jovana"
        " Ana Ivana Mirjana Biljana Svetlana Jasmina Nataša Danijela Tatjana Olivera"
        " Zorica Ljubica Radmila Stana Verica Dušanka Branka Nevena Katarina Teodora"
        " Anđela Kristina Sanja Tanja Maja Aleksandra Valentina Suzana Violeta Milena"
        " Miroslava Nada Stanka Rada Slađana Đurđica Živka Žaklina Čedomirka Vukosava"
        " Zagorka Desanka Desa Bosiljka Ružica Cvijeta Stojanka Trajanka Novka Milunka"
        " Dobrila Draginja Hristina Isidora Jagoda Kosara Lepa Leposava Ljupka Magdalena"
        " Marina Mila Nadica Nina Persida Ruža Sofija Spomenka Tijana Vera Vidosava"
        " Višnja Zlata Zvezdana Sunčica Simonida Emilija Anastasija Nikolina Bojana"
        " Bogdanka Božana Brankica Divna Dunja Jadranka Jana Julija".split()
    ),
    tuple(
        "Jovanović Petrović Nikolić Marković Đorđević Stojanović Ilić Stanković Pavlović"
        " Milošević Todorović Radosavljević Vučić Simić Kostić Mitrović Vasić Savić"
        " Radović Milić Stefanović Živković Ristić Lazić Lukić Trajković Antić Spasić"
        " Krstić Dimić Filipović Denić Aksić Maksimović Mihajlović Milosavljević"
        " Radojković Vukašinović Vuković Veljović Božović Dragović Ivanović Jakovljević"
        " Jakšić Kovačević Ljubisavljević Mladenović Nedeljković Obradović Perić Rakić"
        " Šarić Tasić Tomić Urošević Vesić Zdravković Žarković Čabarkapa Šućur Đurić"
        " Đukić Bulatović Biševac Cvetković Ćirić Ćosić Damjanović Dančetović Grbić"
        " Gvozdić Hadžić Janićijević Jeftić Kompirović Koprivica Milentijević"
        " Milenković Mrdak Novaković Orlović Parlić Popović Premović Prodanović"
        " Rašković Repanović Saveljić Sekulić Smiljković Sofronijević Tanasković"
        " Timotijević Trifunović Utvić Vlašković Vračarić Vujović Zarić Zubac Žikić"
        " Arsić Bogićević Dabižljević Kragović Lješević Mrkonjić Nešović Odalović".split()
    ),
)

BOSNIAK = Stock(
    tuple(
        "Ahmed Mehmed Muhamed Hasan Husein Ibrahim Ismet Adnan Admir Almir Amir Armin"
        " Asmir Avdo Džemal Dževad Ećrem Edin Elvir Emir Enes Ermin Esad Faruk Fikret"
        " Hajrudin Hamza Haris Hamdija Izet Jasmin Kemal Mirsad Mujo Mustafa Nedžad"
        " Nermin Nihad Nusret Osman Ragib Rasim Refik Remzija Safet Samir Sead Sejdo"
        " Senad Suad Sulejman Šaban Šefko Šemsudin Tarik Vahid Zaim Zejnel Zijad Ćamil"
        " Rifat Hilmija Ćazim Galib Fehim Hivzo Murat Sadik Numan Šerif Reuf Bećir".split()
    ),
    tuple(
        "Amina Emina Fatima Aiša Hatidža Lejla Merima Mirela Selma Senada Sabina Samira"
        " Azra Alma Almira Amela Amra Belma Dženana Džemila Edina Elma Elvira Enisa"
        " Esma Fadila Fahira Fata Hajra Halima Hanifa Hasnija Indira Jasmina Kadira"
        " Mediha Melisa Mevlida Mersiha Mubera Munira Nafija Naza Nermina Nura Rabija"
        " Raza Refija Remza Safija Sadija Sanela Sehija Šemsa Šefika Šuhreta Zejna Ziba"
        " Zumra Zulfija Ćamila Đula Hidajeta Rukija Behija Ajša Rašida Vasvija".split()
    ),
    tuple(
        "Hodžić Hadžić Begović Bošnjak Ćatović Ćosović Dautović Delić Demirović Džogović"
        " Feratović Gusinac Hamidović Hasanović Husović Ibrahimović Jusufović Kačar"
        " Kolenović Kurtović Ljajić Mahmutović Mehmedović Muratović Mustafić Nurković"
        " Omerović Osmanović Pepić Ramović Redžepagić Sadiković Salihović Selimović"
        " Smajlović Suljević Šabanović Škrijelj Tahirović Zejnilović Zukorlić Ademović"
        " Bajramović Balić Čolaković Ćorović Đerlek Fetahović Gicić Hajdarpašić Kajević"
        " Kardović Lukač Međedović Nikšić Rastoder Skenderović Šećerović Zećirović".split()
    ),
)

TURKISH = Stock(
    tuple(
        "Mehmet Ahmet Mustafa Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer"
        " Ramazan Halil Süleyman Abdullah Recep Şaban Bayram Kemal Cemal Cevdet Cengiz"
        " Orhan Orçun Tuncay Ercan Gökhan Hakan Volkan Serkan Bülent Levent Fikret"
        " Nazmi Necmi Necati Ziya Zeki Yılmaz Yaşar Şükrü Şevket Şakir Sadık Rıza Rıdvan"
        " Nuri Naci Muharrem Muzaffer Lütfi Kâzım Kadir İskender İdris Hamdi Güner"
        " Ferhat Fahri Erdoğan Enver Emin Ekrem Burhan Bekir Aziz Aydın Altay Agâh".split()
    ),
    tuple(
        "Ayşe Fatma Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Sevgi"
        " Sevim Selma Serpil Songül Suzan Şengül Şükran Tülay Türkan Ülkü Yasemin Yeter"
        " Zeliha Ayten Aysel Aylin Belkıs Birgül Canan Cemile Ceylan Cihan Dilek Esra"
        " Feride Figen Filiz Gönül Gül Gülay Güler Gülşen Gülsüm Güzin Hacer Hülya"
        " İnci Leyla Mediha Melek Müjgan Mürvet Nazlı Necla Nesrin Neşe Nimet Nurcan"
        " Nurhan Özlem Perihan Reyhan Rukiye Saniye Semra".split()
    ),
    tuple(
        "Bütüç Kovaç Şişko Kuşku Kırveş Mazrek Morina Tabak Çoşkun Çetin Kaya Demir"
        " Yılmaz Öztürk Aydın Koro Terzi Bayraktar Berberoğlu Curi Çesko Dinç Efendi"
        " Gökçe Güney Hoca Işık Jıllta Karabeg Kasap Kazancı Kınacı Köroğlu Kuyumcu"
        " Lopçe Mercan Mutaf Nalbant Paçarız Raşit Saraç Saatçi Şala Şehu Taraku Topko"
        " Ünal Vırmiça Yağcı Yüksel Zırnacı Züber Bekteşi Rıfat Gaş Süleyman".split()
    ),
)

# Roma, Ashkali and Egyptians mostly carry Albanian, Muslim, Turkish or Serbian names.
ROMA_ASHKALI_EGYPTIAN = Stock(
    tuple(
        "Bajram Ramadan Skender Fatmir Agim Muhamet Nexhip Gani Sefedin Ferdi Ramiz"
        " Shaqir Sadik Isak Fadil Avdi Bekim Nexhat Rasim Xhevdet Sebastijan Elvis"
        " Denis Alen Ardijan Kenan Sali Ruzhdi Nedžmedin Šaip Ćerim Ajdin Džemšit"
        " Jašar Osman Redžep Selam Enver Danijel Ismet Fatlum Hasan Kujtim Mehdi Latif"
        " Naser Perparim Rizah Sabit Tefik Ukë Veselj Zećir Bislim Djemail Nehat".split()
    ),
    tuple(
        "Hatixhe Sabrije Fatime Mirvete Zarife Sanije Djulija Suzana Elvira Sevdije"
        " Nadire Fikrije Hanumshahe Sofije Ajshe Đulja Zumreta Šemsije Zekije Azbije"
        " Kimete Safete Merita Rukije Bahtije Zade Emina Nexhmije Remzija Šeherezada"
        " Afrodita Nazmije Ćamila Džemilja Elmas Gjultene Ramize Selvije Tahire Vesvije"
        " Xhejlane Adelina Sevgjyl Šaha Naile Đeva Mirsada Razija Hava Saniha".split()
    ),
    tuple(
        "Berisha Gashi Krasniqi Kovaçi Bajrami Hasani Beriša Toska Kurteši Osmani"
        " Skenderi Ademi Mehmeti Šaljani Gara Jahirović Selimi Hajrizi Rama Emini Azemi"
        " Morina Gušani Ćerimi Haziri Bislimi Fetahu Sejdiu Hajdini Isaku Ibrahimi"
        " Abazi Kamberi Mustafa Nuhi Qizmolli Rukolli Avdyli Bala Cuculi Dallku Ferizaj"
        " Jashari Kelmendi Limani Maksuti Neziri Palushi Qerimi Rexhepi Šabani Stolla"
        " Tahiri Ukshini Zekolli Zejnullahu Ahmetović Barjaktari Pacolli Redžepi".split()
    ),
)
